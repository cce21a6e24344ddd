// What the sandbox refused, in words, beside the control that asked for it.

import { element, fill } from "./dom.js";

/** Return the place for it, which is empty until something was refused. */
export function refusal() {
  return element("div.refusal", { role: "alert", hidden: true });
}

/**
 * Do something, and tell in its place if it was refused.
 *
 * @param {HTMLElement} place from `refusal`.
 * @param {() => Promise<object>} deed
 * @returns {Promise<boolean>} whether it was done.
 */
export async function attempt(place, deed) {
  place.hidden = true;
  try {
    await deed();
    return true;
  } catch (problem) {
    if (problem.status === undefined) throw problem; // a fault of the page, not a refusal
    const errors = problem.errors ?? [];
    const told = errors.length
      ? errors.map(({ path, message }) => element("p", {}, path ? element("strong", {}, `${path} `) : null, message))
      : element("p", {}, problem.message);
    fill(place, told);
    place.hidden = false;
    return false;
  }
}
