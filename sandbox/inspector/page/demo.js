// Demo mode: a conversation played back on a phone that fills the screen, for showing to others.
//
// `?play=` names a conversation that the page can hold itself (`demos.json`), or a scenario, whose newest run is played;
// `account`, `user` and `sender` say whose, and alone are enough. `speed` is from 0.5 to 10.

import { api } from "./api.js";
import { avatar } from "./avatar.js";
import { hold } from "./demo-script.js";
import { element, fill } from "./dom.js";
import { sourceIn } from "./file-source.js";
import { icon } from "./icons.js";
import { Playback } from "./playback.js";
import { Part, store } from "./store.js";
import "./message-view.js";
import "./window-list.js";

const SPEEDS = [0.5, 1, 2, 5, 10];
const NOTHING = new Set();

class DemoPhone extends Part {
  static hears = ["messages", "conversations", "runs", "connection"];
  #query = new URLSearchParams(location.search);
  #playback = new Playback();
  #conversation = null;
  #advice = ""; // where the scenario is not there: what is
  #offset = 0; // milliseconds of the playing
  #before = null; // when the last frame was
  #plays = true;
  #begun = false;
  #shown = null; // the array of messages that was drawn last

  begin() {
    this.time = element("time");
    this.face = element("div.face");
    this.sender = element("h2");
    this.about = element("p");
    this.list = element("window-list", { role: "list", "aria-label": "Messages" });
    this.list.estimate = 84;
    this.list.render = (message, before) => this.#row(message, before);
    this.writes = element("p.writes", { "aria-hidden": "true" });
    this.words = element("p.words", { role: "status" }, "One moment…");
    this.name = element("h1", {}, "Demo");
    this.toggle = element("button.round.primary", { type: "button", on: { click: () => this.#toggle() } });
    this.position = element("input.position", { type: "range", min: 0, max: 1000, value: 0, "aria-label": "Position", on: { input: () => this.#jump(this.position.value / 1000) } });
    this.speed = element("select", { "aria-label": "Speed" }, SPEEDS.map((speed) => element("option", { value: String(speed) }, `${speed}×`)));
    this.speed.value = SPEEDS.map(String).includes(this.#query.get("speed")) ? this.#query.get("speed") : "1";
    this.append(
      element(
        "main.stage",
        {},
        element(
          "section.phone",
          { "aria-label": "Phone" },
          element("header.top", {}, element("div.status", {}, this.time, element("span.island")), element("div.who", {}, this.face, element("div", {}, this.sender, this.about))),
          this.words,
          this.list,
          element("div.writing", {}, this.writes, element("span.round", { "aria-hidden": "true" }, icon("send"))),
        ),
        element(
          "section.desk",
          { "aria-label": "Playing" },
          this.name,
          this.position,
          element(
            "div.keys",
            {},
            this.toggle,
            element("button", { type: "button", on: { click: () => this.#again() } }, "Again"),
            element("label", {}, "Speed ", this.speed),
            element("button", { type: "button", on: { click: () => this.#fill() } }, "Full screen"),
            element("a", { href: "./" }, "Inspector"),
          ),
        ),
      ),
    );
    this.#label();
    document.addEventListener("keydown", (event) => this.#press(event));
    requestAnimationFrame((now) => this.#frame(now));
  }

  draw() {
    if (store.connection === "open" && !this.#begun) {
      this.#begun = true;
      this.#find().catch((problem) => this.#say(problem.message));
    }
    if (this.#conversation) this.#follow();
  }

  /** Find what is to be played, or make it. */
  async #find() {
    const name = this.#query.get("play");
    const demos = await api.demos();
    const demo = Object.hasOwn(demos, name) ? demos[name] : null;
    if (demo) {
      this.name.textContent = demo.title;
      this.#conversation = await hold(demo);
    } else {
      this.name.textContent = name || "A conversation";
      const [account, user, sender] = ["account", "user", "sender"].map((each) => this.#query.get(each));
      const isThere = user || !name || (await api.scenarios()).some((each) => each.name === name);
      if (!isThere) this.#advice = `, and there is no scenario of that name; the page itself has ${Object.keys(demos).join(", ")}`;
      this.#conversation = { account, user, sender, scenario: user ? null : name };
    }
    this.#follow();
  }

  /** Take in what was said since. */
  #follow() {
    const { scenario } = this.#conversation;
    if (scenario && !this.#conversation.user) {
      const { account } = this.#conversation;
      const run = [...store.runs.values()].findLast((each) => each.scenario === scenario && (!account || each.account === account));
      if (!run) {
        this.#say(`Nobody has played ${scenario} yet${this.#advice}. It begins here as soon as somebody does.`);
        return;
      }
      Object.assign(this.#conversation, { account: run.account, user: run.user });
    }
    const { account, user, sender } = this.#conversation;
    const found = [...store.conversations.values()].find(
      (each) => each.user === user && (!account || each.account === account) && (!sender || each.sender === sender),
    );
    if (!found?.messages.length) {
      this.#say(`Nothing was said to ${user} yet.`);
      return;
    }
    this.#say("");
    this.found = found;
    const business = store.accounts.get(found.account)?.name ?? found.account;
    if (this.sender.textContent !== business) fill(this.face, avatar(business, "business"));
    this.sender.textContent = business;
    this.about.textContent = store.providers.get(found.provider)?.title ?? found.provider;
    this.#playback.show(found.messages);
  }

  #say(text) {
    this.words.textContent = text;
    this.words.hidden = !text;
  }

  #frame(now) {
    if (!this.isConnected) return;
    requestAnimationFrame((next) => this.#frame(next));
    const passed = this.#before === null ? 0 : Math.min(now - this.#before, 100); // a page in the background stands still
    this.#before = now;
    if (!this.found) return;
    if (this.#plays && this.#offset < this.#playback.length) {
      this.#offset = Math.min(this.#playback.length, this.#offset + passed * Number(this.speed.value));
      if (this.#offset === this.#playback.length) this.#label();
    }
    this.#drawAt(this.#offset);
  }

  #drawAt(offset) {
    const messages = this.#playback.messagesAt(offset);
    const time = this.#playback.timeAt(offset)?.slice(11, 16) ?? "";
    if (this.time.textContent !== time) this.time.textContent = time;
    this.dataset.ended = offset >= this.#playback.length;
    if (document.activeElement !== this.position) this.position.value = Math.round((offset / this.#playback.length) * 1000);
    const { writes = "", taps } = this.#playback.comingAt(offset);
    if (this.writes.textContent !== writes) this.writes.textContent = writes;
    if (messages !== this.#shown) {
      this.#shown = messages;
      this.list.show(messages);
      this.list.refresh();
      this.list.toEnd();
    }
    this.#showPressed(taps);
  }

  #row(message, before) {
    const view = before ?? element("message-view");
    if (!before) view.connectedCallback(); // it is drawn before it is put into the page
    const newest = message === this.#shown?.at(-1);
    view.draw(message, { conversation: this.found, can: NOTHING, day: null, newest, source: sourceIn(store.callbacks.values(), message) });
    return view;
  }

  /** Show which chip is about to be tapped: the last one that reads so. */
  #showPressed(text) {
    const chips = [...this.list.querySelectorAll(".chip")];
    const pressed = text === undefined ? undefined : chips.findLast((each) => each.textContent === text);
    for (const chip of chips) chip.toggleAttribute("data-pressed", chip === pressed);
  }

  #toggle() {
    if (this.#offset >= this.#playback.length) this.#again();
    else this.#plays = !this.#plays;
    this.#label();
  }

  #again() {
    this.#offset = 0;
    this.#plays = true;
    this.#label();
  }

  #jump(share) {
    this.#offset = share * this.#playback.length;
    this.#label();
  }

  #label() {
    const goes = this.#plays && !(this.found && this.#offset >= this.#playback.length);
    this.toggle.setAttribute("aria-label", goes ? "Pause" : "Play");
    fill(this.toggle, icon(goes ? "pause" : "play"));
  }

  #fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.requestFullscreen().catch(() => {}); // not every window may
  }

  #press(event) {
    if (event.key !== " " || event.target.closest?.("button, a, input, select, textarea")) return;
    event.preventDefault();
    this.#toggle();
  }
}

customElements.define("demo-phone", DemoPhone);
