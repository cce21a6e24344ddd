// What is armed to go wrong, with how often it has.

import { ask } from "./dialog.js";
import { api } from "./api.js";
import { element, fill } from "./dom.js";
import { faultForm } from "./fault-form.js";
import { faultLabel } from "./fault-effects.js";
import { Part, store } from "./store.js";

class ArmedFaults extends Part {
  static hears = ["faults"];

  begin() {
    this.rows = new Map(); // by key in the store
    this.list = element("ul.rows", { "aria-label": "Armed faults" });
    this.none = element("p", {}, "Nothing is armed: nothing fails unless you want it to.");
    this.problem = element("p.problem", { role: "alert" });
    this.append(this.none, this.list, this.problem, element("h3", {}, "Arm a fault"), faultForm());
  }

  draw() {
    const armed = [...store.faults].filter(([, fault]) => this.#isTold(fault));
    for (const key of this.rows.keys()) {
      if (armed.some(([each]) => each === key)) continue;
      this.rows.get(key).remove();
      this.rows.delete(key);
    }
    for (const [key, fault] of armed) {
      if (!this.rows.has(key)) this.#add(key, fault);
      fill(this.rows.get(key).firstChild, `${fault.account ?? "all accounts"}: ${faultLabel(fault)}`);
    }
    this.none.hidden = armed.length > 0;
  }

  /** One that is armed for all has a row of its own besides those of the accounts, which alone have fired. */
  #isTold(fault) {
    return store.focus === null || fault.account === null || fault.account === store.focus;
  }

  #add(key, { id }) {
    const row = element(
      "li.row",
      {},
      element("span.what"),
      element("button", { type: "button", "aria-label": `Disarm ${id}`, on: { click: () => this.#disarm(id) } }, "Disarm"),
    );
    this.rows.set(key, row);
    this.list.append(row);
  }

  async #disarm(id) {
    const everywhere = [...store.faults.values()].filter((fault) => fault.id === id).length;
    if (everywhere > 1) ask("Disarm it everywhere?", `The fault is armed for ${everywhere - 1} accounts and those made later.`, "Disarm it", () => api.disarm(id));
    else await this.#told(api.disarm(id));
  }

  async #told(deed) {
    try {
      await deed;
      fill(this.problem);
    } catch (problem) {
      this.problem.textContent = problem.message;
    }
  }
}

customElements.define("armed-faults", ArmedFaults);
