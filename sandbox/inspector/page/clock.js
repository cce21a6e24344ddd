// An account's time: read, stopped, let go and moved on.

import { accountChoice } from "./form.js";
import { api } from "./api.js";
import { element, fill } from "./dom.js";
import { Part, store } from "./store.js";

const LEAPS = [["1s", 1], ["1m", 60], ["1h", 3600], ["24h", 86_400]];
const UNITS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Return a clock in a few words: `virtual 12:00:00, 3 pending`. */
export function clockLabel(clock) {
  if (!clock) return "Clock";
  const pending = clock.pending ? `, ${clock.pending} pending` : "";
  return `${clock.mode} ${clock.now.slice(11, 19)}${pending}`;
}

class AccountClock extends Part {
  static hears = ["clocks"];
  #timer = 0;

  begin() {
    this.account = accountChoice({ on: { change: () => this.#read() } }, "All accounts, and those made later");
    this.facts = element("dl.facts");
    this.own = element("input", { "aria-label": "Advance by", placeholder: "90s, 1.5h, 7d", size: 10, autocomplete: "off" });
    this.to = element("input", { type: "datetime-local", step: 1, "aria-label": "Freeze at, UTC" });
    this.answer = element("p.answer", { role: "status" });
    this.problem = element("p.problem", { role: "alert" });
    const by = (name, how) => element("button", { type: "button", on: { click: () => this.#advance(how) } }, name);
    this.moves = element(
      "fieldset",
      {},
      element("legend", {}, "Move a frozen clock on"),
      LEAPS.map(([name, seconds]) => by(`+${name}`, () => ({ seconds }))),
      by("To the next thing due", () => ({ until: "next" })),
      by("Until nothing waits", () => ({ until: "idle" })),
      element("span.own", {}, this.own, by("Advance", () => ({ seconds: secondsOf(this.own.value) }))),
    );
    const put = (clock) => this.#do(() => api.setClock(clock(), this.account.value || null), (now) => `${now.mode}, ${now.now}`);
    this.append(
      this.account,
      this.facts,
      element(
        "fieldset",
        {},
        element("legend", {}, "Mode"),
        element("button", { type: "button", on: { click: () => put(() => ({ mode: "virtual" })) } }, "Freeze"),
        element("button", { type: "button", on: { click: () => put(() => ({ mode: "real" })) } }, "Thaw"),
        element("span.own", {}, this.to, element("button", { type: "button", on: { click: () => put(() => frozenAt(this.to.value)) } }, "Freeze then")),
      ),
      this.moves,
      this.problem,
      this.answer,
    );
    this.#read();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#read(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  draw() {
    const clock = store.clocks.get(this.account.value || null);
    if (!clock) return;
    const facts = { mode: clock.mode, now: clock.now, pending: clock.pending, "next at": clock.next_at ?? "nothing waits" };
    fill(this.facts, Object.entries(facts).map(([name, value]) => [element("dt", {}, name), element("dd", { data: { fact: name } }, value)]));
    this.moves.disabled = clock.mode !== "virtual";
  }

  #read() {
    store.readClock(this.account.value || null).catch((problem) => (this.problem.textContent = problem.message));
  }

  #advance(how) {
    return this.#do(() => api.advance(how(), this.account.value || null), ({ now, fired }) => `${fired} thing${fired === 1 ? "" : "s"} happened; it is ${now}`);
  }

  async #do(deed, told) {
    fill(this.problem);
    try {
      this.answer.textContent = told(await deed());
    } catch (problem) {
      fill(this.answer);
      this.problem.textContent = [problem.message, ...(problem.errors ?? []).map((error) => `${error.path} ${error.message}`)].join(": ");
    }
    this.#read();
  }
}

/** Return the seconds in `90s`, `1.5h` or a plain number. */
export function secondsOf(text) {
  const found = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(ms|s|m|h|d)?\s*$/.exec(text);
  if (!found) throw new Error("give a time such as 500ms, 90s, 2m, 1.5h or 7d");
  return Number(found[1]) * UNITS[found[2] ?? "s"];
}

function frozenAt(text) {
  if (!text) throw new Error("give a date and a time");
  return { mode: "virtual", now: `${text}Z` };
}

customElements.define("account-clock", AccountClock);
