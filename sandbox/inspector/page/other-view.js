// What only some providers know: what a person would read of it, and the rest on demand.

import { element } from "./dom.js";
import { icon } from "./icons.js";
import { prose } from "./prose.js";

const TYPING = /typing/i;
const ENDED = /end|off|stop/i;

/** Tell whether this is the business beginning to write. */
export function isTyping(content) {
  if (content.kind !== "other" || content.text) return false;
  const words = Object.values(content).filter((value) => typeof value === "string");
  return words.some((word) => TYPING.test(word) && !ENDED.test(word));
}

/** Return the three dots of somebody who is writing. */
export function typingDots(who) {
  return element(
    "p.typing",
    {},
    element("span.unseen", {}, `${who} is typing`),
    element("i"),
    element("i"),
    element("i"),
  );
}

/** Return what else a message can be. */
export function otherView({ kind, text, ...details }) {
  const shown = Object.entries(details);
  const what =
    shown.find(([, value]) => typeof value === "string")?.join(": ") ?? shown.map(([name]) => name).join(", ");
  return [
    text
      ? element("p.words", {}, prose(text))
      : element("p.words.quiet", {}, icon("note"), element("span", {}, what || "Nothing to read")),
    shown.length && text
      ? element("details.besides", {}, element("summary", {}, shown.map(([name]) => name).join(", ")), pre(details))
      : null,
    shown.length && !text ? element("details.besides", {}, element("summary", {}, "Details"), pre(details)) : null,
  ];
}

function pre(details) {
  return element("pre", { tabindex: 0 }, JSON.stringify(details, null, 2));
}
