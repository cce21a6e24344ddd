// The scenarios there are, to be played with somebody; the runs of them, with what each step came to.

import { accountChoice, choice, field, form, offer, suggesting } from "./form.js";
import { api } from "./api.js";
import { element, fill } from "./dom.js";
import { Part, store } from "./store.js";

const SHOWN = 20; // runs, the newest

class ScenarioList extends Part {
  static hears = ["runs"];

  begin() {
    this.scenarios = [];
    this.rows = new Map(); // by the run's id
    this.account = accountChoice({ on: { change: () => this.#offer() } });
    this.account.removeAttribute("aria-label");
    this.scenario = choice([], { on: { change: () => this.#describe() } });
    this.about = element("p.hint");
    this.user = suggesting([], { placeholder: "+49…" });
    this.sender = suggesting([], { placeholder: "the only one there is" });
    this.list = element("ul.rows", { "aria-label": "Runs" });
    this.none = element("p", {}, "No scenario has been played yet.");
    this.problem = element("p.problem", { role: "alert" });
    this.append(
      form(
        "Start",
        [
          field("Account", this.account, { path: "account" }),
          field("Scenario", this.scenario),
          this.about,
          field("Person", this.user.input, { path: "user" }),
          this.user.list,
          field("Sender", this.sender.input, { path: "sender" }),
          this.sender.list,
        ],
        () => this.#start(),
      ),
      element("h3", {}, "Runs, the newest first"),
      this.none,
      this.problem,
      this.list,
    );
    if (store.conversation) {
      this.user.input.value = store.conversation.user;
      this.sender.input.value = store.conversation.sender;
    }
    this.#read();
  }

  draw() {
    const runs = [...store.runs.values()].filter((run) => store.focus === null || run.account === store.focus).slice(-SHOWN).reverse();
    const wanted = new Set(runs.map((run) => run.id));
    for (const [id, row] of this.rows) {
      if (wanted.has(id)) continue;
      row.remove();
      this.rows.delete(id);
    }
    for (const run of runs.toReversed()) {
      if (!this.rows.has(run.id)) {
        this.rows.set(run.id, this.#row(run));
        this.list.prepend(this.rows.get(run.id));
      }
      show(this.rows.get(run.id), run);
    }
    this.none.hidden = runs.length > 0;
  }

  async #read() {
    try {
      this.scenarios = await api.scenarios();
      this.#offer();
    } catch (problem) {
      this.problem.textContent = problem.message;
    }
  }

  /** Offer what is not meant for other providers, and the people and senders that are known. */
  #offer() {
    const provider = store.accounts.get(this.account.value)?.provider;
    const fits = ({ match }) => match?.provider === undefined || [match.provider].flat().includes(provider);
    offer(this.scenario, this.scenarios.filter(fits).map((scenario) => scenario.name));
    const known = [...store.conversations.values()].filter((each) => each.account === this.account.value);
    offer(this.user.list, [...new Set(known.map((each) => each.user))]);
    offer(this.sender.list, [...new Set(known.map((each) => each.sender))]);
    this.#describe();
  }

  #describe() {
    const chosen = this.scenarios.find((scenario) => scenario.name === this.scenario.value);
    fill(this.about, chosen ? `${chosen.description ?? ""} ${chosen.steps.length} steps.` : "");
  }

  async #start() {
    const run = { account: this.account.value, user: this.user.input.value.trim(), sender: this.sender.input.value.trim() || undefined };
    const { id } = await api.startRun(this.scenario.value, run);
    return `Started ${id}`;
  }

  #row(run) {
    const stop = async () => {
      try {
        await api.stopRun(run.id);
      } catch (problem) {
        this.problem.textContent = problem.message;
      }
    };
    return element(
      "li.run",
      { data: { id: run.id } },
      element("p.row", {}, element("span.what"), element("button", { type: "button", "aria-label": `Stop ${run.id}`, on: { click: stop } }, "Stop")),
      element("progress", { "aria-label": `steps of ${run.scenario}` }),
      element("details", {}, element("summary", {}, "Steps"), element("ol.steps", { start: 0 })),
    );
  }
}

function show(row, run) {
  const over = run.steps.filter((step) => step.state !== "waiting").length;
  row.dataset.state = run.state;
  fill(row.querySelector(".what"), `${run.scenario} with ${run.user}: `, element("strong", {}, run.state), `, ${over} of ${run.steps.length} steps`);
  row.querySelector("button").hidden = run.state !== "running";
  const progress = row.querySelector("progress");
  progress.max = Math.max(run.steps.length, 1);
  progress.value = over;
  fill(
    row.querySelector("ol"),
    run.steps.map((step) => element("li", { data: { state: step.state } }, `${step.do}: ${step.state}${step.detail ? `, ${step.detail}` : ""}`)),
  );
}

customElements.define("scenario-list", ScenarioList);
