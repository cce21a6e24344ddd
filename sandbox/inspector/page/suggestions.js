// Suggestions: chips and buttons, and what tapping one does on a phone besides telling the business.

import { element } from "./dom.js";
import { actionIcon } from "./icons.js";
import { outward } from "./prose.js";

/**
 * Return a list of chips; null if there are none.
 *
 * @param {object[]} suggestions as the API tells them.
 * @param {(suggestion: object, index: number) => void} [tap] without it they are only to be read.
 */
export function chips(suggestions, tap) {
  if (!suggestions.length) return null;
  const each = (suggestion, index) => {
    const inside = [actionIcon(suggestion.action), element("span", {}, suggestion.text)];
    const title = [`postback ${suggestion.postback}`, ...told(suggestion.action)].join("\n");
    return element(
      "li",
      {},
      tap
        ? element("button.chip", { type: "button", title, on: { click: () => tap(suggestion, index) } }, inside)
        : element("span.chip", { title }, inside),
    );
  };
  return element("ul.chips", { "aria-label": "Suggestions" }, suggestions.map(each));
}

/** Return what an action consists of, a line each: `url: https://…`. */
function told(action) {
  if (!action) return [];
  return [action.kind, ...facts(action).map(([name, value]) => `${name}: ${value}`)];
}

function facts({ kind, ...details }) {
  const plain = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  return Object.entries(details)
    .filter(([, value]) => value !== "" && value !== null)
    .map(([name, value]) => [name, plain(value)]);
}

const DOES = {
  call: "The phone would call",
  open_url: "The phone would open",
  show_location: "The phone would show on a map",
  create_calendar_event: "The phone would put into the calendar",
  other: "The phone would do",
};

/** Return what a phone does when an action is tapped, in words; null if there is nothing to tell. */
export function effect(action) {
  if (!action || !DOES[action.kind]) return null;
  const values = facts(action).map(([name, value]) =>
    element(
      "li",
      {},
      element("span", {}, `${name} `),
      name === "url" ? outward(value, value) : element("b", {}, value),
    ),
  );
  return element(
    "div.effect",
    {},
    actionIcon(action),
    element("div", {}, element("span", {}, DOES[action.kind]), element("ul", {}, values)),
  );
}
