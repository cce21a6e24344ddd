// What the store knows of a node of the timeline, and whether it went wrong.

import { store } from "./store.js";

/** Return the record behind a node: a request, message, callback, run, step, attempt or fault; null if it is not kept. */
export function recordOf({ type, id }) {
  if (id === null) return null;
  const [owner, index] = id.split("/");
  switch (type) {
    case "request":
      return store.requests.get(id) ?? null;
    case "message":
      return store.messages.get(id) ?? null;
    case "callback":
      return store.callbacks.get(id) ?? null;
    case "run":
      return store.runs.get(id) ?? null;
    case "step":
      return store.runs.get(owner)?.steps[index] ?? null;
    case "attempt":
      return store.callbacks.get(owner)?.attempts[index] ?? null;
    default:
      return null;
  }
}

/** Tell whether a node is of something that went wrong. */
export function isError(node) {
  const record = recordOf(node);
  switch (node.type) {
    case "request":
      return record ? record.status === null || record.status >= 400 : /→ ([45]\d\d|no answer)/.test(node.summary);
    case "message":
      return record?.status === "failed" || record?.status === "expired";
    case "callback":
      return ["failed", "blocked", "retrying"].includes(record?.state);
    case "attempt":
      return record !== null && (record.error !== null || record.status === null || record.status >= 300);
    case "run":
      return record?.state === "failed";
    case "step":
      return record?.state === "failed";
    default:
      return false;
  }
}

/** Return a rule with what it says, its grade and its source; null if nobody knows it. */
export function ruleOf(provider, id) {
  return store.providers.get(provider)?.rules.find((rule) => rule.id === id) ?? null;
}

const texts = new WeakMap(); // what a record reads, by record

/** Return everything that a node reads, in small letters. */
export function textOf(node) {
  const record = recordOf(node);
  if (record && !texts.has(record)) texts.set(record, JSON.stringify(record).toLowerCase());
  return `${node.summary} ${node.why?.text ?? ""} ${node.why?.source ?? ""} ${node.id ?? ""}`.toLowerCase() + (record ? texts.get(record) : "");
}
