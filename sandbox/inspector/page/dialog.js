// Dialogs: the browser's own, which keep the keyboard inside, close with Escape and give the focus back.

import { element } from "./dom.js";

let number = 0;

/**
 * Show a dialog until it is closed.
 *
 * @param {string} title its heading.
 * @param {Node} content what is in it.
 * @param {{insists?: boolean, narrow?: boolean}} [how] one that insists can not be closed by the person.
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, { insists = false, narrow = false } = {}) {
  const id = `dialog-${++number}`;
  const shown = element(narrow ? "dialog.narrow" : "dialog", { "aria-labelledby": id, data: { title } });
  const close = () => shown.close();
  shown.append(
    element(
      "header",
      {},
      element("h2", { id }, title),
      insists ? null : element("button.close", { type: "button", "aria-label": "Close", on: { click: close } }, "✕"),
    ),
    element("div.content", {}, content),
  );
  if (insists) shown.addEventListener("cancel", (event) => event.preventDefault());
  else shown.addEventListener("click", (event) => event.target === shown && close()); // beside it, that is
  shown.addEventListener("close", () => {
    if (insists && shown.dataset.done === undefined) shown.showModal(); // a second Escape is not asked about
    else shown.remove();
  });
  document.body.append(shown);
  shown.showModal();
  return shown;
}

/**
 * Ask before something is done.
 *
 * @param {string} title the question.
 * @param {string} text what will come of it.
 * @param {string} yes what is on the button that does it.
 * @param {() => Promise<unknown>} deed what is done; the dialog stays open with the problem where it fails.
 */
export function ask(title, text, yes, deed) {
  const problem = element("p.problem", { role: "alert" });
  const shown = openDialog(
    title,
    [
      element("p", {}, text),
      problem,
      element(
        "p.deeds",
        {},
        element("button", { type: "button", on: { click: () => shown.close() } }, "Cancel"),
        element("button.primary", { type: "button", on: { click: act } }, yes),
      ),
    ],
    { narrow: true },
  );
  async function act() {
    try {
      await deed();
      shown.close();
    } catch (refused) {
      problem.textContent = refused.message;
    }
  }
  return shown;
}
