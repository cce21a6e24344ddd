// Where the sandbox has a file that a person sent: in the callback that carried it, unless it has a link of its own.

import { api } from "./api.js";

/** Return the address; null if there is none, or none yet. */
export function sourceIn(callbacks, { id, direction, content }) {
  if (direction !== "inbound" || content.kind !== "media" || content.file.url) return null;
  const callback = [...callbacks].findLast((each) => each.message === id && each.parts);
  const index = callback?.parts.findIndex((part) => part.filename) ?? -1;
  return index < 0 ? null : api.partUrl(callback.id, index);
}
