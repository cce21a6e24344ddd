// A body: JSON set out for people, or as it is, and to be copied.

import { copyButton } from "./copy.js";
import { element } from "./dom.js";

const SHOWN = 100_000; // characters; more only on demand

/**
 * Return a body with its heading.
 *
 * @param {string} title
 * @param {unknown} value text, or what was read as JSON.
 * @param {{raw?: string|null}} [more] the body as it was sent, where it is known; otherwise the JSON on one line; null has
 *   nothing but what is set out.
 */
export function payload(title, value, { raw } = {}) {
  if (value === null || value === undefined || value === "") return element("p.nothing", {}, `${title}: none`);
  const pretty = prettyOf(value);
  const plain = raw === null ? pretty : raw ?? (typeof value === "string" ? value : JSON.stringify(value));
  const text = element("pre", { tabindex: "0", "aria-label": title });
  const more = element("button", { type: "button", on: { click: () => show(Infinity) } });
  const toggle = element("button", { type: "button", "aria-pressed": "false", "aria-label": `${title}, raw`, on: { click: turn } }, "Raw");
  show(SHOWN);
  return element(
    "div.payload",
    {},
    element("p.title", {}, element("strong", {}, title), plain === pretty ? null : toggle, copyButton("Copy", () => shown(), { "aria-label": `Copy ${title}` })),
    text,
    more,
  );

  function shown() {
    return toggle.getAttribute("aria-pressed") === "true" ? plain : pretty;
  }

  function turn() {
    toggle.setAttribute("aria-pressed", toggle.getAttribute("aria-pressed") !== "true");
    show(SHOWN);
  }

  function show(most) {
    text.textContent = shown().slice(0, most);
    more.hidden = shown().length <= most;
    more.textContent = `Show all ${shown().length.toLocaleString("en")} characters`;
  }
}

/** Return JSON on lines of its own; anything else as it is. */
function prettyOf(value) {
  if (typeof value !== "string") return JSON.stringify(value, null, 2);
  try {
    const read = JSON.parse(value);
    return typeof read === "object" && read !== null ? JSON.stringify(read, null, 2) : value;
  } catch {
    return value;
  }
}
