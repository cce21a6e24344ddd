// One conversation at a glance.

import { avatar } from "./avatar.js";
import { element, fill } from "./dom.js";
import { icon } from "./icons.js";
import { isTyping } from "./other-view.js";
import { clockTime } from "./receipts.js";
import { store } from "./store.js";

const drawn = new WeakMap(); // what a row was made from

/**
 * Draw a conversation into its row, unless it looks as it did.
 *
 * @param {HTMLElement} row
 * @param {object} conversation of the store.
 * @param {object} [run] of a scenario that is running with this person.
 * @param {number} faults how many are armed that can strike it.
 */
export function drawConversation(row, { provider, sender, user, last, unread, channel }, run, faults) {
  const from = [store.providers.get(provider)?.title ?? provider, channel, sender].filter(Boolean).join(" · ");
  const text = last ? lineOf(last) : "Nothing was said yet";
  const steps = run ? `${run.scenario} ${done(run)}/${run.steps.length}` : null;
  const looks = JSON.stringify([user, from, text, last?.at, unread, steps, faults]);
  if (drawn.get(row) === looks) return;
  drawn.set(row, looks);
  const marks = [
    element("span.provider", {}, from),
    steps && mark("playing", "play", "running scenario ", steps),
    faults > 0 && mark("armed", "fault", "armed faults: ", faults),
  ];
  const count = unread > 0 && element("span.unread", {}, unread, element("span.unseen", {}, " unread"));
  const lines = [
    element("span.person", {}, element("strong", {}, user), last && clockTime(last.at)),
    element("span.last", {}, element("span.text", {}, text), count),
    element("span.marks", {}, marks),
  ];
  fill(row, avatar(user, "person"), element("span.lines", {}, lines));
}

function mark(name, sign, says, text) {
  return element(`span.${name}`, {}, icon(sign), element("span.unseen", {}, says), text);
}

/** Return the number of steps of a run that are over. */
function done(run) {
  return run.steps.filter((step) => step.state !== "waiting").length;
}

/** Return what stands for a message in one line. */
function lineOf({ text, kind, content, direction }) {
  const words = text.replace(/\s+/g, " ").trim();
  const line = words || (isTyping(content) ? "is typing…" : kind.replace("_", " "));
  return direction === "inbound" ? `↩ ${line}` : line;
}
