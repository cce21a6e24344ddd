// The time on the phone: that of its account's clock, which may stand still.

import { element, fill } from "./dom.js";
import { icon } from "./icons.js";
import { Part, store } from "./store.js";

/** `<phone-clock>` of the conversation that is shown. */
class PhoneClock extends Part {
  static hears = ["clocks", "selection"];
  #ahead = 0; // milliseconds that the account's time is ahead of the browser's
  #clock = null;
  #account = null;
  #timer = 0;
  #shown = "";

  connectedCallback() {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  draw() {
    const { conversation } = store;
    if (!conversation) return;
    if (conversation.account !== this.#account) {
      this.#account = conversation.account;
      store.readClock(conversation.account);
    }
    const clock = store.clocks.get(conversation.account);
    if (!clock || clock === this.#clock) return;
    this.#clock = clock;
    this.#ahead = Date.parse(clock.now) - Date.now();
    this.#tick();
  }

  #tick() {
    if (!this.#clock) return;
    const stands = this.#clock.mode === "virtual";
    const now = stands ? this.#clock.now : new Date(Date.now() + this.#ahead).toISOString();
    const text = `${now.slice(11, 16)} ${stands}`;
    if (text === this.#shown) return;
    this.#shown = text;
    fill(
      this,
      element("time", { datetime: now, title: `${now.slice(0, 10)}, UTC` }, now.slice(11, 16)),
      stands
        ? element(
            "span.stands",
            { title: "The clock of this account stands still" },
            icon("frozen"),
            element("span.unseen", {}, "frozen"),
          )
        : null,
    );
  }
}

customElements.define("phone-clock", PhoneClock);
