// What a fault can do, by the side of the wire, with the parameters of each effect as the control API takes them.

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {"number"|"word"|"json"} kind `word` is offered from the provider's codes.
 * @property {string} label
 * @property {object} [input] attributes of the field, its bounds among them.
 * @property {boolean} [optional]
 */

/** @type {Record<string, Record<string, {says: string, parameters?: Parameter[]}>>} */
export const EFFECTS = {
  request: {
    latency: {
      says: "the answer comes late",
      parameters: [{ name: "seconds", kind: "number", label: "Seconds", input: { min: 0.001, max: 600, step: "any", value: 2 } }],
    },
    status: {
      says: "the request is answered with a status, before it is looked at",
      parameters: [
        { name: "status", kind: "number", label: "Status", input: { min: 200, max: 599, step: 1, value: 503 } },
        { name: "body", kind: "json", label: "Body (JSON)", optional: true },
      ],
    },
    code: { says: "the provider's own error", parameters: [{ name: "code", kind: "word", label: "Code" }] },
    reset: { says: "the connection is reset" },
    hang: { says: "no answer comes until the client gives up" },
    drop_answer: { says: "the request takes effect, and its answer is lost" },
    rate_limit: {
      says: "more requests than so many a second are refused",
      parameters: [{ name: "per_second", kind: "number", label: "Requests a second", input: { min: 1, step: 1, value: 1 } }],
    },
  },
  callback: {
    drop: { says: "the callback is never sent" },
    duplicate: {
      says: "the callback is delivered more than once",
      parameters: [{ name: "copies", kind: "number", label: "Further copies", input: { min: 1, max: 100, step: 1, value: 1 } }],
    },
    delay: {
      says: "the callback is held back",
      parameters: [{ name: "seconds", kind: "number", label: "Seconds", input: { min: 0.001, max: 604800, step: "any", value: 5 } }],
    },
    reorder: {
      says: "so many callbacks are collected and delivered in another order",
      parameters: [{ name: "window", kind: "number", label: "Callbacks", input: { min: 2, max: 100, step: 1, value: 2 } }],
    },
    corrupt: { says: "the callback's body is broken JSON" },
    unknown_fields: { says: "the callback carries members that no document knows" },
  },
};

/** Say in a few words what a fault does, to what, and how often yet. */
export function faultLabel({ on, match, effect, times, left, fired, probability }) {
  const { type, ...parameters } = effect;
  const given = Object.entries(parameters).filter(([, value]) => value !== null).map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const where = Object.entries(match).map(([name, value]) => `${name} ${value}`).join(", ") || `every ${on}`;
  const often = times === null ? `fired ${fired}` : `fired ${fired}, ${left} left`;
  const likely = probability < 1 ? `, with probability ${probability}` : "";
  return `${[type, ...given].join(" ")} on ${on}: ${where}${likely}; ${often}`;
}
