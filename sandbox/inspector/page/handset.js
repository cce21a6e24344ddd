import { Part } from "./store.js";

class Placeholder extends Part {}

customElements.define("person-handset", Placeholder);
