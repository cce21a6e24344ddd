import { Part } from "./store.js";

class Placeholder extends Part {}

customElements.define("demo-phone", Placeholder);
