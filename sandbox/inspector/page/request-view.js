// A request to a provider's API with its answer, and the rule that it broke.

import { copyButton } from "./copy.js";
import { curlOfRequest } from "./curl.js";
import { element } from "./dom.js";
import { facts, headers, reason } from "./sections.js";
import { payload } from "./payload-view.js";
import { ruleOf } from "./wire-record.js";

/** Return the sections of an open row about a request. */
export function requestSections(request, node) {
  const rule = request.rule && ruleOf(request.provider, request.rule);
  return [
    ["deeds", request, () => element("p.deeds", {}, copyButton("Copy as curl", () => curlOfRequest(request, location.origin)))],
    ["why", [node.why, rule], () => (request.rule ? broken(request, rule) : reason(node.why))],
    ["facts", [request, node.at], () => told(request)],
    ["headers", request.headers, () => headers("Request headers", request.headers)],
    ["body", request.body, () => payload("Request body", request.body)],
    ["response-headers", request.response_headers, () => headers("Response headers", request.response_headers)],
    ["response", request.response_body, () => payload("Response body", request.response_body)],
  ];
}

function broken(request, rule) {
  return element(
    "div.rule",
    {},
    element("p", {}, element("strong", {}, request.rule), rule ? ` ${rule.says}` : ""),
    facts([
      ["grade", rule?.grade],
      ["source", request.source && element("code", {}, request.source)],
      ["detail", request.detail],
    ]),
  );
}

function told(request) {
  return facts([
    ["operation", request.operation ?? "none: the path is no documented one"],
    ["near", request.near],
    ["account", request.account ?? "none: the credentials are of nobody, or there were none"],
    ["status", request.status ?? "no answer"],
    ["took", `${request.duration_ms.toFixed(1)} ms`],
    ["query", Object.entries(request.query).map(([name, value]) => `${name}=${[value].flat().join(", ")}`).join(" & ")],
    ["warnings", request.warnings.join("; ")],
    ["fault", request.fault],
    ["detail", request.rule ? null : request.detail],
    ["id", request.id],
  ]);
}
