// A button that copies a text, and says whether it did.

import { element } from "./dom.js";

const SHOWN = 2500; // milliseconds that the answer stands

/**
 * Return a button with a place for its answer.
 *
 * @param {string} title what is on the button.
 * @param {() => string|{text: string, notes: string[]}|Promise<string>} what is copied; asked when it is pressed.
 * @param {object} [members] further ones of the button, such as `aria-label`.
 */
export function copyButton(title, what, members = {}) {
  const answer = element("span.copied", { role: "status" });
  let timer = 0;
  const press = async () => {
    let said;
    try {
      const given = await what();
      const { text, notes } = typeof given === "string" ? { text: given, notes: [] } : given;
      await copy(text);
      said = ["Copied", ...notes].join("; ");
    } catch (problem) {
      said = `Not copied: ${problem.message}`;
    }
    answer.textContent = said;
    clearTimeout(timer);
    timer = setTimeout(() => (answer.textContent = ""), SHOWN * (said.length > 20 ? 3 : 1));
  };
  return element("span.copy", {}, element("button", { type: "button", ...members, on: { click: press } }, title), answer);
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Pages that did not come from this machine by its own name, nor by https, have no clipboard.
  const place = element("textarea.unseen", { value: text, "aria-hidden": "true", tabindex: "-1" });
  const active = document.activeElement;
  (active?.closest("dialog") ?? document.body).append(place);
  place.select();
  const done = document.execCommand("copy");
  place.remove();
  active?.focus();
  if (!done) throw new Error("the browser does not allow it");
}
