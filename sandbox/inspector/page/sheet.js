// A sheet that comes up from the lower edge of the phone, for what takes more than a tap; one at a time.

import { element, fill } from "./dom.js";
import { icon } from "./icons.js";

/** `<phone-sheet>`: hidden until `open`. */
class PhoneSheet extends HTMLElement {
  #opener = null;

  connectedCallback() {
    this.hidden = true;
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
  }

  /**
   * Show something; the focus goes to its first field.
   *
   * @param {string} title
   * @param {...Node} content
   */
  open(title, ...content) {
    this.#opener = document.activeElement;
    const close = element(
      "button.close",
      { type: "button", "aria-label": "Close", on: { click: () => this.close() } },
      icon("close"),
    );
    fill(
      this,
      element(
        "section",
        { role: "dialog", "aria-label": title },
        element("header", {}, element("h2", {}, title), close),
        content,
      ),
    );
    this.hidden = false;
    (this.querySelector("input, select, textarea, form button") ?? close).focus();
  }

  /** Hide it, and give the focus back. */
  close() {
    if (this.hidden) return;
    const had = this.contains(document.activeElement);
    this.hidden = true;
    fill(this);
    if (had && this.#opener?.isConnected) this.#opener.focus();
    else if (had) this.parentElement.querySelector("textarea, button")?.focus();
  }
}

customElements.define("phone-sheet", PhoneSheet);
