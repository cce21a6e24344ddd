// Callbacks of the next action: late, more than once, or changed, as one chooses beside the composer.

import { Problem } from "./api.js";
import { element } from "./dom.js";
import { field } from "./form.js";

const TITLE = "Callbacks of the next action";
const shown = new Set(); // those in the document: there is one phone

/** `<callback-tweak>`: what is chosen holds for whatever the person does next, and is gone when that is done. */
class CallbackTweak extends HTMLElement {
  connectedCallback() {
    shown.add(this);
    if (this.details) return; // it was only moved
    const input = (members) => element("input", { autocomplete: "off", on: { input: () => this.#tell() }, ...members });
    this.delay = input({ type: "number", min: 0, step: "any", placeholder: 0 });
    this.copies = input({ type: "number", min: 0, step: 1, placeholder: 0 });
    this.drop = input({ placeholder: "message.text, sender" });
    this.set = input({ placeholder: '{"message.text": ""}' });
    this.summary = element("summary");
    this.details = element(
      "details",
      {},
      this.summary,
      field("Seconds late", this.delay),
      field("Further copies", this.copies),
      field("Without the keys", this.drop),
      field("With keys set (JSON)", this.set),
      element("button", { type: "button", on: { click: () => this.clear() } }, "As usual"),
    );
    this.append(this.details);
    this.#tell();
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  /** What was chosen, as the API takes it; null if nothing was. Raises `Problem` where that is no JSON. */
  get chosen() {
    const told = {
      ...(this.delay.value !== "" && { delay: Number(this.delay.value) }),
      ...(this.copies.value !== "" && { duplicate: Number(this.copies.value) }),
      ...(this.#dropped.length && { drop: this.#dropped }),
      ...(this.set.value.trim() && { set: parsed(this.set.value) }),
    };
    return Object.keys(told).length ? told : null;
  }

  get #dropped() {
    return this.drop.value.split(",").map((key) => key.trim()).filter(Boolean);
  }

  clear() {
    for (const input of [this.delay, this.copies, this.drop, this.set]) input.value = "";
    this.#tell();
  }

  #tell() {
    const told = [
      this.delay.value && `${this.delay.value} s late`,
      this.copies.value && `${this.copies.value} more`,
      this.#dropped.length && `without ${this.#dropped.join(", ")}`,
      this.set.value.trim() && "with keys set",
    ].filter(Boolean);
    this.toggleAttribute("data-on", told.length > 0);
    this.summary.textContent = told.length ? `${TITLE}: ${told.join("; ")}` : TITLE;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(0, "is no JSON", [{ path: "callback.set", message: "is no JSON" }]);
  }
}

/** Do something with what was chosen for its callbacks, which is chosen no more if it was done. */
export async function tweaked(deed) {
  const [tweak] = shown;
  const callback = tweak?.chosen ?? null;
  const done = await deed(callback === null ? {} : { callback });
  if (callback !== null) tweak.clear();
  return done;
}

customElements.define("callback-tweak", CallbackTweak);
