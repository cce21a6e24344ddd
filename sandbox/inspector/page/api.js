// All traffic with the sandbox goes through here: calls of its control API, and its stream of events.

const BASE = "/_sandbox";

/** The sandbox refused a call. `status` is 0 if nothing answered; `errors` are `{path, message}`. */
export class Problem extends Error {
  constructor(status, detail, errors = []) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

async function call(method, path, { query = {}, body, type = "application/json" } = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const search = new URLSearchParams(given).toString();
  const options = { method, headers: {}, credentials: "same-origin" };
  if (body !== undefined) {
    options.headers["Content-Type"] = type;
    options.body = type === "application/json" ? JSON.stringify(body) : body;
  }
  let answer;
  try {
    answer = await fetch(`${BASE}${path}${search ? `?${search}` : ""}`, options);
  } catch {
    throw new Problem(0, "the sandbox does not answer");
  }
  if (answer.status === 204) return null;
  const isJson = (answer.headers.get("content-type") ?? "").includes("json");
  const read = isJson ? await answer.json() : await answer.text();
  if (!answer.ok) throw new Problem(answer.status, read.detail ?? read.title ?? `status ${answer.status}`, read.errors ?? []);
  return read;
}

const enc = encodeURIComponent;
const get = (path, query) => call("GET", path, { query });
const post = (path, body, query) => call("POST", path, { body, query });

/** Return every item of a list. */
async function all(path, query = {}) {
  const items = [];
  let after;
  for (;;) {
    const page = await get(path, { ...query, limit: 1000, after });
    items.push(...page.items);
    if (page.items.length < 1000) return items;
    after = page.cursor;
  }
}

export const api = {
  health: () => get("/health"),
  /** What each provider can do and knows: actions, receipts, codes, rules. */
  providers: () => get("/providers").then((page) => page.items),
  accounts: () => all("/accounts"),
  authorization: (id) => post(`/accounts/${enc(id)}/authorization`).then((given) => given.headers),
  createAccount: (spec) => post("/accounts", spec),
  changeAccount: (id, changes) => call("PATCH", `/accounts/${enc(id)}`, { body: changes }),
  /** The business's own addresses, each with its channel; none if any will do. */
  senders: (account) => get(`/accounts/${enc(account)}/senders`).then((page) => page.items),
  /** Between whom, and where, an action of a user would be. */
  place: (account, query) => get(`/accounts/${enc(account)}/place`, query),
  /** The files that a person can send by name. */
  samples: () => get("/samples").then((page) => page.items),
  /** Where a part of a multipart callback is, by its index: a file that a person sent. */
  partUrl: (callback, index) => `${BASE}/callbacks/${enc(callback)}/parts/${index}`,
  conversations: () => all("/conversations"),
  messages: (query) => all("/messages", query),
  requests: (query) => all("/requests", query),
  callbacks: (query) => all("/callbacks", query),
  /** How many requests the journal keeps no more. */
  droppedRequests: () => get("/requests", { limit: 1 }).then((page) => page.dropped),
  request: (id) => get(`/requests/${enc(id)}`),
  callback: (id) => get(`/callbacks/${enc(id)}`),
  redeliver: (id) => post(`/callbacks/${enc(id)}/redeliver`),
  timeline: (query) => get("/timeline", query),
  act: (action) => post("/actions", action),
  magic: (provider) => get("/magic", { provider }).then((page) => page.items),
  scenarios: () => get("/scenarios").then((page) => page.items),
  scenario: (name) => get(`/scenarios/${enc(name)}`),
  startRun: (name, run) => post(`/scenarios/${enc(name)}/runs`, run),
  run: (id) => get(`/runs/${enc(id)}`),
  runs: (query) => all("/runs", query),
  stopRun: (id) => call("DELETE", `/runs/${enc(id)}`),
  /** The conversation as YAML of a scenario. */
  record: (query) => get("/recording", query),
  faults: () => all("/faults"),
  arm: (fault) => post("/faults", fault),
  disarm: (id) => call("DELETE", `/faults/${enc(id)}`),
  clock: (account) => get("/clock", { account }),
  setClock: (clock, account) => call("PUT", "/clock", { body: clock, query: { account } }),
  advance: (how, account) => call("POST", "/clock/advance", { body: how, query: { account } }),
  coverage: (account) => get("/coverage", { account }),
  reset: (account) => call("POST", "/reset", { query: { account } }),
  /** The conversations that the page can hold itself, by name; see `demo-script.js`. */
  demos: () => fetch("demos.json").then((answer) => answer.json()),
};

/** Call a provider's own API, as a business does; returns the answer's JSON. */
export async function asBusiness({ method, path, body }, headers) {
  const answer = await fetch(path, { method, headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Problem(answer.status, `${method} ${path} was answered ${answer.status} ${text}`);
  return JSON.parse(text);
}

/**
 * Follow all that happens. The browser comes back by itself where it lost the connection, and asks for what it missed.
 *
 * @param {(kind: string, object: object) => void} hear is told each change.
 * @param {(state: "open"|"lost"|"ended") => void} tell is told how the connection fares; one that has ended is not tried again.
 * @returns {() => void} ends it.
 */
export function follow(hear, tell) {
  const source = new EventSource(`${BASE}/events`);
  for (const kind of ["message", "request", "callback", "run", "fault", "clock", "account"]) {
    source.addEventListener(kind, (event) => {
      if (event.data !== undefined) hear(kind, JSON.parse(event.data));
    });
  }
  source.addEventListener("open", () => tell("open"));
  source.addEventListener("error", () => tell(source.readyState === EventSource.CLOSED ? "ended" : "lost"));
  return () => source.close();
}
