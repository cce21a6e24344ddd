// Running text of a message: text alone, in which web addresses can be followed.

import { element, safeUrl } from "./dom.js";

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/g;

/** Return the web addresses in a text. */
export function addressesIn(text) {
  return [...new Set(text.match(ADDRESS) ?? [])];
}

/** Return a text as nodes. */
export function prose(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    nodes.push(text.slice(end, found.index), outward(found[0], found[0]));
    end = found.index + found[0].length;
  }
  return [...nodes, text.slice(end)];
}

/** Return a link to another server, which is not told of this page; the mere text, if it is no web address. */
export function outward(url, ...label) {
  const href = safeUrl(url);
  return href
    ? element("a.outward", { href, target: "_blank", rel: "noreferrer noopener" }, label)
    : element("span", {}, label);
}
