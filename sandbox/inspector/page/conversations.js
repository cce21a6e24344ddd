import { Part } from "./store.js";

class Placeholder extends Part {}

customElements.define("conversation-list", Placeholder);
