// Receipts: how far a message came, why not further, and its whole history on demand.

import { element } from "./dom.js";
import { icon } from "./icons.js";

const WORDS = {
  accepted: ["pending", "Accepted"],
  sent: ["sent", "Sent"],
  delivered: ["delivered", "Delivered"],
  read: ["delivered", "Read"],
  failed: ["alert", "Failed"],
  expired: ["expired", "Expired"],
  received: ["sent", "Received"],
};

/** Return a status as an icon and a word. */
function statusOf(status) {
  const [name, word] = WORDS[status] ?? ["pending", status];
  return [icon(name), element("span", {}, word)];
}

/** Return the time of day, as the account's clock has it. */
export function clockTime(at) {
  return element("time", { datetime: at, title: `${at.slice(0, 10)} ${at.slice(11, 23)} UTC` }, at.slice(11, 16));
}

/** Return the line below a message: its status, the reason if it failed, and when it was said. */
export function receiptLine(message) {
  const last = message.history.findLast((change) => change.status === message.status);
  const reason = ["failed", "expired"].includes(message.status)
    ? [last?.code, last?.detail].filter(Boolean).join(" ")
    : "";
  return element(
    "span.receipt",
    { data: { status: message.status } },
    message.direction === "outbound" ? statusOf(message.status) : null,
    clockTime(message.at),
    reason ? element("span.reason", {}, reason) : null,
  );
}

/** Return everything that became of a message, the first first. */
export function historyOf(message) {
  const entry = ({ status, provider_status: word, at, code, detail }) =>
    element(
      "li",
      { data: { status } },
      element("span.receipt", {}, statusOf(status), element("time", { datetime: at }, at.slice(11, 23))),
      word ? element("code", {}, word) : null,
      code || detail ? element("span.reason", {}, [code, detail].filter(Boolean).join(" ")) : null,
    );
  return [
    element("ol.history", { "aria-label": "History" }, message.history.map(entry)),
    element("p.ids", {}, element("code", {}, message.id), " ", element("code", {}, message.provider_id)),
  ];
}

const FITS = {
  deliver: ({ status, history }) =>
    ["accepted", "sent"].includes(status) || (status === "read" && !has(history, "delivered")),
  read: ({ status }) => ["accepted", "sent", "delivered"].includes(status),
  fail: ({ status }) => ["accepted", "sent"].includes(status),
  receipt: () => true,
  click: () => true,
};

const has = (history, status) => history.some((change) => change.status === status);

/** Return the actions that can still befall a message of the business, of those that are possible. */
export function befalling(message, can) {
  if (message.direction !== "outbound") return [];
  return Object.keys(FITS).filter((type) => can.has(type) && FITS[type](message));
}
