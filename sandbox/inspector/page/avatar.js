// Round pictures of those who talk: a colour for each, always the same for the same name.

import { element } from "./dom.js";
import { icon } from "./icons.js";

/** Return one; `person` are drawn as people, anything else by the first letter. */
export function avatar(name, kind) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 3600;
  const letter = [...name].find((each) => /[\p{L}\p{N}]/u.test(each)) ?? "?";
  const made = element(
    "span.avatar",
    { "aria-hidden": "true", data: { kind } },
    kind === "person" ? icon("agent") : letter.toUpperCase(),
  );
  made.style.setProperty("--hue", sum % 360);
  return made;
}
