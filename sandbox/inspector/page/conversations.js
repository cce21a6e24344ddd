// Who talks to whom, the newest first.

import { drawConversation } from "./conversation-row.js";
import { element } from "./dom.js";
import { icon } from "./icons.js";
import { openNewConversation } from "./new-conversation.js";
import { Part, store } from "./store.js";
import "./window-list.js";

const STEPS = { ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8, Home: -Infinity, End: Infinity };

class ConversationList extends Part {
  static hears = ["conversations", "selection", "scope", "accounts", "providers", "runs", "faults"];
  #shown = []; // in the order that they are shown
  #active = null; // key of the one that the arrows went to
  #stop = null; // key of the one that is reached by the tabulator
  #runs = new Map(); // running, by account and person

  begin() {
    this.search = element("input", {
      type: "search",
      placeholder: "Search",
      "aria-label": "Search conversations",
      on: { input: () => this.draw() },
    });
    this.list = element("window-list", {
      role: "list",
      "aria-label": "Conversations",
      tabindex: -1,
      on: { keydown: (event) => this.#press(event) },
    });
    this.list.key = (conversation) => conversation.key;
    this.list.render = (conversation, before) => this.#row(conversation, before);
    this.list.sticks = "start";
    this.none = element("p.none", { role: "status" });
    this.append(
      element(
        "header",
        {},
        element(
          "div.first",
          {},
          element("h2", {}, "Conversations"),
          element(
            "button.new",
            {
              type: "button",
              "aria-label": "New conversation",
              title: "New conversation",
              on: { click: openNewConversation },
            },
            icon("add"),
          ),
        ),
        this.search,
      ),
      this.none,
      this.list,
    );
  }

  draw(event) {
    this.#runs = new Map(
      [...store.runs.values()]
        .filter((run) => run.state === "running")
        .map((run) => [`${run.account}\n${run.user}`, run]),
    );
    const words = this.search.value.trim().toLowerCase();
    this.#shown = [...store.conversations.values()]
      .filter((each) => (store.account === null || each.account === store.account) && (!words || isAbout(each, words)))
      .sort((one, other) => other.turn - one.turn);
    const keys = new Set(this.#shown.map((each) => each.key));
    if (event?.type === "selection" && store.selected !== null) this.#active = store.selected;
    this.#stop = [this.#active, store.selected, this.#shown[0]?.key].find((key) => keys.has(key)) ?? null;
    this.none.textContent = this.#shown.length ? "" : words ? "Nothing was said of that." : "No conversation yet.";
    this.none.hidden = this.#shown.length > 0;
    this.list.show(this.#shown);
    this.list.refresh();
  }

  #row(conversation, before) {
    const { key, account, user } = conversation;
    const made =
      before ?? element("button.conversation", { type: "button", on: { click: () => store.select(made.dataset.key) } });
    made.dataset.key = key;
    made.tabIndex = key === this.#stop ? 0 : -1;
    made.setAttribute("aria-current", key === store.selected);
    const strikes = (fault) => fault.account === account && (fault.match.user ?? user) === user;
    const faults = [...store.faults.values()].filter(strikes).length;
    drawConversation(made, conversation, this.#runs.get(`${account}\n${user}`), faults);
    return made;
  }

  #press(event) {
    const step = STEPS[event.key];
    if (step === undefined || !this.#shown.length) return;
    event.preventDefault();
    const from = this.#shown.findIndex((each) => each.key === this.#stop);
    const to = Math.min(this.#shown.length - 1, Math.max(0, from + step));
    this.#active = this.#stop = this.#shown[to].key;
    this.list.reveal(this.#active);
    this.list.refresh();
    this.list.rowOf(this.#active)?.focus({ preventScroll: true });
  }
}

/** Tell whether a conversation has to do with some words: its addresses, its provider, or anything that was said. */
function isAbout({ account, provider, sender, user, channel, messages }, words) {
  const names = [
    account,
    store.accounts.get(account)?.name,
    provider,
    store.providers.get(provider)?.title,
    sender,
    user,
    channel,
  ];
  return (
    names.some((name) => name?.toLowerCase().includes(words)) ||
    messages.some(({ text }) => text.toLowerCase().includes(words))
  );
}

customElements.define("conversation-list", ConversationList);
