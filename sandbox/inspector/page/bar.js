// The bar: which account is looked at, how its time stands, and the dialogs for everything that is set about it.

import { choice, nameOf, offer } from "./form.js";
import { Part, store } from "./store.js";
import { ask, openDialog } from "./dialog.js";
import { element, fill } from "./dom.js";
import { clockLabel } from "./clock.js";
import { coverageOf } from "./coverage.js";
import "./credentials.js";
import "./faults.js";
import "./recording.js";
import "./scenarios.js";
import "./token.js";
import "./webhook.js";

const CONNECTIONS = { open: "live", connecting: "connecting", lost: "connection lost, trying again", refused: "needs the control token" };
const DIALOGS = [
  ["credentials", "Credentials", "account-credentials"],
  ["webhook", "Webhook", "account-webhook"],
  ["clock", "Clock", "account-clock"],
  ["faults", "Faults", "armed-faults"],
  ["scenarios", "Scenarios", "scenario-list"],
  ["recording", "Record", "conversation-recording"],
  ["coverage", "Coverage", "coverage-report"],
];
const ALL = "All accounts";
const PAUSE = 900; // milliseconds

class SandboxBar extends Part {
  static hears = ["accounts", "clocks", "connection", "faults", "runs", "scope", "selection", "requests", "callbacks", "messages"];
  #readAt = 0;
  #timer = 0;
  #met = true; // whether coverage may be another than it was

  begin() {
    if (this.account) return; // it was only moved
    const chosen = () => store.choose(this.account.value || null);
    this.account = choice([["", ALL]], { "aria-label": "Account", on: { change: chosen } });
    this.tools = new Map(
      DIALOGS.map(([name, title, tag]) => [
        name,
        element("button.tool", { type: "button", data: { tool: name }, on: { click: () => openDialog(title, element(tag)) } }, title),
      ]),
    );
    this.connection = element("span.connection", { role: "status" });
    this.append(
      this.account,
      element(
        "div.tools",
        { role: "group", "aria-label": "Tools" },
        [...this.tools.values()],
        element("button.tool", { type: "button", data: { tool: "reset" }, on: { click: () => this.#reset() } }, "Reset"),
        element("a.tool", { href: "?play=booking" }, "Demo"),
      ),
      this.connection,
    );
  }

  connectedCallback() {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  draw(event) {
    if (event?.type !== "clocks") this.#met = true;
    offer(this.account, [["", ALL], ...[...store.accounts.values()].map((each) => [each.id, nameOf(each)])]);
    this.account.value = store.account ?? "";
    this.connection.dataset.state = store.connection;
    if (this.connection.textContent !== CONNECTIONS[store.connection]) this.connection.textContent = CONNECTIONS[store.connection];
    this.#label("webhook", this.#webhook());
    this.#label("faults", plural(this.#armed(), "fault"));
    this.#label("scenarios", this.#running());
    this.#tick();
  }

  /** What changes by itself, or is not told of: at most once a second. */
  #tick() {
    const account = store.focus;
    if (store.connection === "open" && !document.hidden && Date.now() - this.#readAt > PAUSE) {
      this.#readAt = Date.now();
      const gone = () => undefined; // an account that was let go, or a server: what comes next is read soon
      store.readClock(account).catch(gone);
      if (this.#met) coverageOf(account).then((percent) => this.#label("coverage", `Coverage ${percent}`)).catch(gone);
      this.#met = false;
    }
    this.#label("clock", clockLabel(store.clocks.get(account)));
  }

  #label(name, text) {
    const tool = this.tools.get(name);
    if (tool.textContent !== text) fill(tool, text);
  }

  #webhook() {
    const account = store.accounts.get(store.focus);
    if (!account) return "Webhook";
    return account.webhook ? `Webhook ${hostOf(account.webhook.url)}` : "No webhook";
  }

  #armed() {
    const about = (fault) => store.focus === null || fault.account === store.focus || fault.account === null;
    return new Set([...store.faults.values()].filter(about).map((fault) => fault.id)).size;
  }

  #running() {
    const about = (run) => run.state === "running" && (store.focus === null || run.account === store.focus);
    const running = [...store.runs.values()].filter(about).length;
    return running ? `Scenarios, ${running} running` : "Scenarios";
  }

  #reset() {
    const account = store.focus;
    if (account === null) {
      const text = "Everything that happened is forgotten, and accounts, faults, scenarios and clocks are as they were at the start.";
      ask("Reset the whole sandbox?", text, "Reset everything", () => store.reset(null));
    } else {
      const text = "Its messages, requests, callbacks, runs, faults and coverage are forgotten. Its settings stay.";
      ask(`Reset ${account}?`, text, "Reset it", () => store.reset(account));
    }
  }
}

function plural(number, word) {
  return number ? `${number} ${word}${number === 1 ? "" : "s"} armed` : "Faults";
}

function hostOf(url) {
  try {
    return new URL(url).host;
  } catch {
    return "";
  }
}

customElements.define("sandbox-bar", SandboxBar);
