// The wire: everything that happened, as one tree of what came of what, live.

import { choice, offer } from "./form.js";
import { drawRow, newRow } from "./node-view.js";
import { element, fill } from "./dom.js";
import { FEW, MOST, WireSource } from "./wire-source.js";
import { Part, store } from "./store.js";
import "./window-list.js";
import "./wire-filter.js";

const SORTS = { requests: "request", messages: "message", callbacks: "callback", runs: "run", interventions: "intervention" };

class WireView extends Part {
  static hears = ["selection", "scope", "requests", "callbacks", "messages", "runs", "faults", "clocks", "accounts", "providers"];
  #source = null;
  #limit = FEW;
  #seen = { roots: [], omitted: 0, dropped: {} };
  #about = "";
  #open = new Map(); // the elements of rows that are open, by key

  begin() {
    this.#source = new WireSource((seen) => this.#show(seen), (problem) => this.#fail(problem));
    this.#about = "";
    if (this.list) return; // it was only moved
    this.scope = choice([], { "aria-label": "What the wire shows", on: { change: () => this.#look() } });
    this.filter = element("wire-filter", { on: { changed: () => this.#rows() } });
    this.unclaimed = element("button.unclaimed", { type: "button", hidden: true, on: { click: () => this.#lookAt("all") } });
    this.notes = element("p.notes");
    this.older = element("button", { type: "button", hidden: true, on: { click: () => this.#more() } });
    this.problem = element("p.problem", { role: "alert" });
    this.list = element("window-list", { role: "list", "aria-label": "What happened", on: { atend: () => this.#newest() } });
    this.list.key = (row) => row.key;
    this.list.render = (row, before) => this.#row(row, before);
    this.none = element("p.none");
    this.end = element("button.to-end", { type: "button", hidden: true, on: { click: () => this.list.toEnd() } }, "↓ to the newest");
    this.append(
      element("header.wire-head", {}, this.scope, this.filter, this.unclaimed),
      element("div.wire-notes", {}, this.notes, this.older, this.problem, this.none),
      this.list,
      this.end,
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#source.end();
  }

  draw(event) {
    const { conversation, focus } = store;
    const scopes = [
      ...(conversation ? [["conversation", `${conversation.user} (${conversation.account})`]] : []),
      ...(focus === null ? [] : [["account", `all of ${focus}`]]),
      ["all", "all requests"],
    ];
    const about = JSON.stringify([store.selected, focus]);
    offer(this.scope, scopes);
    if (about !== this.#about) {
      this.#about = about;
      this.#limit = FEW;
      this.#lookAt(scopes[0][0]);
    } else if (event) this.#source.soon();
    this.#tellUnclaimed();
  }

  #lookAt(scope) {
    this.scope.value = scope;
    this.#look();
  }

  #look() {
    const { conversation, focus } = store;
    const kind = this.scope.value;
    const user = kind === "conversation" ? conversation.user : undefined;
    this.list.setAttribute("aria-busy", "true");
    this.#source.look({ kind, account: focus, user }, this.#limit);
    this.#tellUnclaimed();
  }

  #more() {
    this.#limit = MOST;
    this.#look();
  }

  #show(seen) {
    this.#seen = seen;
    this.list.setAttribute("aria-busy", "false");
    fill(this.problem);
    this.#rows();
  }

  #fail(problem) {
    this.problem.textContent = `The timeline could not be read: ${problem.message}`;
  }

  #rows() {
    const { roots, omitted, dropped } = this.#seen;
    const rows = this.filter.rows(roots);
    const keys = new Set(rows.map((row) => row.key));
    if (!this.filter.isOn) for (const key of this.#open.keys()) if (!keys.has(key)) this.#open.delete(key);
    this.list.sticks = this.#sticks();
    this.list.show(rows);
    this.list.hidden = rows.length === 0;
    fill(this.none, rows.length ? "" : this.filter.isOn && roots.length ? "Nothing fits the filter." : "Nothing happened yet.");
    const gone = Object.entries(dropped).filter(([, number]) => number > 0).map(([sort, number]) => `${number} ${SORTS[sort]}${number === 1 ? "" : "s"}`);
    fill(
      this.notes,
      [omitted ? `${omitted} earlier ones are left out.` : "", gone.length ? `The journal is bounded and has dropped ${gone.join(", ")}.` : ""].join(" "),
    );
    this.older.hidden = !omitted || this.#limit === MOST;
    this.older.textContent = `Show up to ${MOST}`;
    this.#newest();
  }

  /** Where the list stays: what somebody reads does not run away. */
  #sticks() {
    return this.#open.size ? "none" : "end";
  }

  #newest() {
    this.end.hidden = this.list.hidden || this.list.atEnd;
  }

  #row(row, before) {
    const isOpen = this.#open.has(row.key);
    const item = this.#open.get(row.key) ?? before ?? newRow((event) => this.#toggle(event.currentTarget.parentElement));
    item.row = row;
    drawRow(item, row, isOpen);
    return item;
  }

  #toggle(item) {
    const { key } = item.row;
    if (!this.#open.delete(key)) this.#open.set(key, item);
    this.list.sticks = this.#sticks();
    drawRow(item, item.row, this.#open.has(key));
  }

  /** Requests that no account could be told of are the ones that are looked for where nothing seems to happen. */
  #tellUnclaimed() {
    const number = [...store.requests.values()].filter((request) => request.account === null).length;
    this.unclaimed.hidden = number === 0 || this.scope.value === "all";
    this.unclaimed.textContent = `${number} of no account`;
    this.unclaimed.title = "Requests with unknown credentials, or none, and to unknown paths";
  }
}

customElements.define("wire-view", WireView);
