// A callback: what it says, read and raw, every attempt at it, and the button that sends it once more.

import { api } from "./api.js";
import { copyButton } from "./copy.js";
import { curlOfCallback } from "./curl.js";
import { element } from "./dom.js";
import { facts, headers, reason } from "./sections.js";
import { payload } from "./payload-view.js";

/** Return the sections of an open row about a callback. */
export function callbackSections(callback, node) {
  const { attempts, body, decoded, parts } = callback;
  return [
    ["deeds", [callback.id, callback.url === null, callback.body, callback.headers], () => deeds(callback)],
    ["why", node.why, () => reason(node.why)],
    ["facts", [callback.state, callback.detail, callback.fault, callback.due_at, callback.url], () => told(callback)],
    ["attempts", [attempts, node.children], () => attemptsOf(attempts, node)],
    ["payload", [body, decoded, parts], () => (parts === null ? bodies(body, decoded) : [payload("Decoded payload", decoded, { raw: null }), partsOf(parts)])],
    ["headers", callback.headers, () => headers("Headers", callback.headers)],
  ];
}

function told(callback) {
  return facts([
    ["kind", callback.kind],
    ["state", callback.state],
    ["url", callback.url ?? "nobody is told"],
    ["detail", callback.detail],
    ["fault", callback.fault],
    ["due at", callback.due_at],
    ["message", callback.message],
    ["id", callback.id],
  ]);
}

function deeds(callback) {
  const answer = element("span.answer", { role: "status" });
  const again = async () => {
    try {
      const { id, state } = await api.redeliver(callback.id);
      answer.textContent = `Sent once more as ${id}, ${state}`;
    } catch (problem) {
      answer.textContent = `Not sent: ${problem.message}`;
    }
  };
  return element(
    "p.deeds",
    {},
    element("button", { type: "button", "aria-label": `Redeliver ${callback.id}`, on: { click: again } }, "Redeliver"),
    callback.url === null ? null : copyButton("Copy as curl", () => curlOfCallback(callback)),
    answer,
  );
}

function bodies(body, decoded) {
  const read = payload("Decoded payload", decoded, { raw: null });
  const raw = payload("Raw body", body, { raw: body ?? undefined });
  return element("div.beside", {}, read, raw);
}

function partsOf(parts) {
  return element(
    "ol.parts",
    { "aria-label": "Parts" },
    parts.map((part) =>
      element(
        "li",
        {},
        facts([["name", part.name], ["type", part.content_type], ["file", part.filename], ["size", `${part.size} bytes`]]),
        part.text === null ? null : payload(`Part ${part.name}`, part.text),
      ),
    ),
  );
}

function attemptsOf(attempts, node) {
  if (!attempts.length) return element("p.nothing", {}, "No attempt was made yet");
  const whys = new Map(node.children.filter((each) => each.type === "attempt").map((each) => [each.id, each.why]));
  return element(
    "ol.attempts",
    { "aria-label": "Attempts" },
    attempts.map((attempt, index) =>
      element(
        "li",
        {},
        element("strong", {}, attempt.status ?? attempt.error ?? "no answer"),
        ` after ${attempt.duration_ms.toFixed(1)} ms, ${attempt.at}`,
        attempt.status !== null && attempt.error ? `, ${attempt.error}` : null,
        reason(whys.get(`${node.id}/${index}`)),
        attempt.response ? payload("Answer", attempt.response) : null,
      ),
    ),
  );
}
