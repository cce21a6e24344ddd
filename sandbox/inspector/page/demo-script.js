// A conversation that the page itself holds, both sides of it, where there is no bot yet: a scenario plays the person,
// and the business's messages go through the provider's own API, as a bot would send them.

import { api, asBusiness } from "./api.js";

const MOST_STEPS = 500; // of one conversation

/**
 * Hold a conversation, unless it is there already; returns account and user.
 *
 * It has an account of its own, whose clock stands still and is moved from one thing to the next, so that all of it is
 * over in a second. Whatever somebody plays back then has happened, and can be looked at on the wire.
 *
 * @param {object} demo see `demos.json`: `account` as it is created, `user`, `scenario`, and `turns`, the business's
 *   requests: those of the first turn begin, and those of each further one answer an `expect` of the scenario. A request
 *   comes so many seconds `after` what was before it, and may `keep` members of its answer, which later requests of the
 *   turn name in braces.
 */
export async function hold({ account, user, scenario, turns }) {
  const { id } = account;
  const accounts = await api.accounts();
  if (!accounts.some((each) => each.id === id)) await api.createAccount(account);
  const there = await api.messages({ account: id, user });
  if (there.length) return { account: id, user };
  await api.setClock({ mode: "virtual" }, id);
  const headers = await api.authorization(id);
  const waiting = [...turns];
  await speak(waiting.shift(), headers, id);
  const [{ id: run }] = await api.runs({ account: id, scenario });
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { state, steps } = await api.run(run);
    if (state !== "running") break;
    const next = steps.find((each) => each.state === "waiting");
    if (next.do === "expect" && waiting.length) await speak(waiting.shift(), headers, id);
    else await api.advance({ until: "next" }, id);
  }
  await api.advance({ until: "idle" }, id); // the last callbacks
  return { account: id, user };
}

async function speak(requests, headers, account) {
  const kept = new Map();
  for (const { after = 0, keep = {}, method, path, body } of requests) {
    if (after) await api.advance({ seconds: after }, account);
    const answer = await asBusiness({ method, path, body: filled(body, kept) }, headers);
    for (const [name, member] of Object.entries(keep)) kept.set(`{${name}}`, answer[member]);
  }
}

/** Return a JSON value with what was kept in the place of its names. */
function filled(value, kept) {
  if (typeof value === "string") return kept.get(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => filled(each, kept));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, kept)]));
}
