// Makes elements. Text is only ever text: nothing here, and nothing else in this page, reads HTML.

/**
 * Return an element.
 *
 * @param {string} name tag, with classes behind dots: `button.chip`.
 * @param {object} [members] attributes; `on` holds listeners by event name, `data` goes to the dataset, properties such
 *   as `value`, `checked`, `disabled` and `hidden` are set as they are; null and undefined are left out.
 * @param {...(Node|string|number|null|undefined|Array)} children text or nodes.
 */
export function element(name, members = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(members)) {
    if (value === null || value === undefined) continue;
    if (key === "on") for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    else if (key === "data") Object.assign(made.dataset, value);
    else if (PROPERTIES.has(key)) made[key] = value;
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false) made.setAttribute(key, String(value));
  }
  made.append(...flat(children));
  return made;
}

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "textContent", "htmlFor", "selected"]);

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false).map((child) => (child instanceof Node ? child : String(child)));
}

/** Return a drawing: shapes such as `["path", {d: "…"}]` in a box of so many units. It says nothing by itself. */
export function drawing(name, width, height, ...shapes) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElementNS(SVG, tag);
  made.setAttribute("class", classes.join(" "));
  made.setAttribute("viewBox", `0 0 ${width} ${height}`);
  made.setAttribute("aria-hidden", "true");
  for (const [shape, attributes] of shapes) {
    const part = document.createElementNS(SVG, shape);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    made.append(part);
  }
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** Put these children in the place of all that a parent has. */
export function fill(parent, ...children) {
  parent.replaceChildren(...flat(children));
}

/** Return a time of day with milliseconds, of an RFC 3339 time, in UTC as the API tells it. */
export function timeOfDay(at) {
  return at ? at.slice(11, 23) : "";
}

/** Return a URL that may be followed, or null: http and https alone are. */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
