// One row of the wire: a line that tells what happened, and what opens below it.

import { callbackSections } from "./callback-view.js";
import { drawSections, facts, reason } from "./sections.js";
import { element, fill, timeOfDay } from "./dom.js";
import { isError, recordOf, ruleOf } from "./wire-record.js";
import { requestSections } from "./request-view.js";
import { store } from "./store.js";

const DEEPEST = 8; // steps that rows are set in by
const drawn = new WeakMap(); // what a line was drawn of

/**
 * Bring the element of a row up to date.
 *
 * @param {HTMLElement} item made by `newRow`.
 * @param {import("./wire-filter.js").Row} row
 * @param {boolean} isOpen
 */
export function drawRow(item, row, isOpen) {
  const { node } = row;
  const record = recordOf(node);
  const wrong = isError(node);
  const line = item.firstChild;
  const said = JSON.stringify([node.summary, node.why, wrong, store.focus === null, record?.state, record?.status, record?.duration_ms]);
  if (drawn.get(line) !== said) {
    drawn.set(line, said);
    fill(line, lineOf(node, record, wrong).filter(Boolean).flatMap((part) => [part, " "])); // spaces, for those who hear it
  }
  item.dataset.type = node.type;
  item.classList.toggle("wrong", wrong);
  item.classList.toggle("faint", row.faint);
  item.style.setProperty("--depth", Math.min(row.depth, DEEPEST));
  if ((line.getAttribute("aria-expanded") === "true") !== isOpen) line.setAttribute("aria-expanded", isOpen);
  if (isOpen) {
    if (item.children.length === 1) item.append(element("div.panel"));
    drawSections(item.lastChild, sectionsOf(node, record));
  } else if (item.children.length > 1) item.lastChild.remove();
}

/** Return the element of a row, which opens and closes by a press. */
export function newRow(toggle) {
  return element("div.wire-row", {}, element("button.line", { type: "button", "aria-expanded": "false", on: { click: toggle } }));
}

function lineOf(node, record, wrong) {
  return [
    element("time", { datetime: node.at }, timeOfDay(node.at)),
    element("span.kind", {}, node.type),
    wrong ? element("span.mark", {}, "✕ error") : null,
    ...(record && node.type === "request" ? requestLine(record) : [element("span.summary", {}, node.summary)]),
    node.why && !record?.rule ? element("span.why", {}, node.why.text) : null,
  ];
}

function requestLine(request) {
  const rule = request.rule && ruleOf(request.provider, request.rule);
  return [
    element("span.status", {}, request.status ?? "no answer"),
    element("span.summary", {}, element("strong", {}, request.method), " ", request.path),
    element("span.took", {}, `${request.duration_ms.toFixed(0)} ms`),
    request.account === null ? element("span.chip", {}, "no account") : store.focus === null ? element("span.took", {}, request.account) : null,
    request.rule ? element("span.why", {}, element("strong", {}, request.rule), rule ? ` ${rule.says}` : "") : null,
  ];
}

function sectionsOf(node, record) {
  if (record && node.type === "request") return requestSections(record, node);
  if (record && node.type === "callback") return callbackSections(record, node);
  return [
    ["why", node.why, () => reason(node.why)],
    ["facts", [node.summary, node.id, record], () => facts([["what", node.summary], ["at", node.at], ...told(node.type, record), ["id", node.id]])],
  ];
}

/** Return what else there is to know, by the sort of a record. */
function told(type, record) {
  if (record === null) return [];
  switch (type) {
    case "message":
      return [
        ["text", record.text],
        ["status", record.status],
        ["course", element("ol.course", {}, record.history.map(({ status, provider_status, at, code, detail }) => element("li", {}, [timeOfDay(at), status, provider_status, code, detail].filter(Boolean).join(" "))))],
        ["provider's id", record.provider_id],
      ];
    case "run":
      return [["scenario", record.scenario], ["person", record.user], ["state", record.state], ["steps", element("ol.course", { start: 0 }, record.steps.map((step) => element("li", {}, [step.do, step.state, step.detail].filter(Boolean).join(" "))))]];
    case "step":
      return [["does", record.do], ["state", record.state], ["detail", record.detail]];
    case "attempt":
      return [["status", record.status], ["error", record.error], ["took", `${record.duration_ms.toFixed(1)} ms`], ["answer", record.response && element("pre", { tabindex: "0", "aria-label": "Answer" }, record.response)]];
    default:
      return [];
  }
}
