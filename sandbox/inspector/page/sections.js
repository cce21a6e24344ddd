// Sections: parts of an open row, each drawn anew only when what it is about has changed, so that what somebody reads,
// selects or has the focus on stays.

import { element, fill } from "./dom.js";

/**
 * @typedef {[key: string, about: unknown, make: () => (Node|Node[]|null)]} Section
 */

const drawn = new WeakMap(); // what a section was drawn of

/** @param {HTMLElement} panel @param {Section[]} sections */
export function drawSections(panel, sections) {
  const there = new Map([...panel.children].map((each) => [each.dataset.section, each]));
  for (const [key, about, make] of sections) {
    const said = JSON.stringify(about);
    let part = there.get(key);
    there.delete(key);
    if (!part) panel.append((part = element("div.section", { data: { section: key } })));
    if (drawn.get(part) === said) continue;
    drawn.set(part, said);
    fill(part, make());
  }
  for (const part of there.values()) part.remove();
}

/** Return a list of names with what goes by them; what is null or empty is left out. */
export function facts(pairs) {
  const told = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && !value.length));
  return element("dl.facts", {}, told.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

/** Return headers as a list, behind a heading that opens it. */
export function headers(title, pairs) {
  const entries = Object.entries(pairs);
  if (!entries.length) return null;
  return element("details.headers", {}, element("summary", {}, `${title} (${entries.length})`), facts(entries));
}

/** Return the reason of something, with where a document says so. */
export function reason(why) {
  return why ? facts([["why", why.text], ["source", why.source && element("code", {}, why.source)]]) : null;
}
