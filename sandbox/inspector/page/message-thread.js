// The messages of the conversation that is shown, however many: at the end, unless somebody scrolled away from it.

import { possible } from "./actions.js";
import { element } from "./dom.js";
import { sourceIn } from "./file-source.js";
import { icon } from "./icons.js";
import { typingDots } from "./other-view.js";
import { Part, store } from "./store.js";
import "./message-view.js";
import "./window-list.js";

const TYPING = /typing/i; // kinds of callbacks
const STOPPED = /typing.?(stop|end|off)/i;
const NOTHING = new Set();
const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** `<message-thread>`; with the attribute `watched` nothing can be done in it. */
class MessageThread extends Part {
  static hears = ["messages", "selection", "providers", "callbacks"];
  #shown = null; // key of the conversation
  #count = 0; // messages that were there
  #away = false; // whether one scrolled away from the end
  #missed = 0; // those that came while one looked at others
  #days = new Map(); // what stands above a message, by id
  #dated = 0; // messages that `#days` was made from
  #sources = new Map(); // where the file of a message is, by its id
  #lacks = false; // whether a file is looked for that was not told of yet

  begin() {
    this.list = element("window-list", { role: "list", "aria-label": "Messages" });
    this.list.render = (message, before) => this.#row(message, before);
    this.list.addEventListener("atend", ({ detail }) => this.#arrive(detail));
    this.more = element("button.more", { type: "button", hidden: true, on: { click: () => this.list.toEnd() } });
    this.typing = element("div.typing-place", { hidden: true });
    this.spoken = element("div.unseen", { "aria-live": "polite" });
    this.append(this.list, this.typing, this.more, this.spoken);
  }

  draw(event) {
    const { conversation } = store;
    if (event?.type === "callbacks") {
      if (this.#lacks) this.list.refresh();
    } else if (conversation && (event?.type !== "messages" || event.detail.has(conversation.key))) {
      this.#show(conversation);
    }
    if (conversation) this.#tellTyping(conversation);
  }

  #show(conversation) {
    const { messages, key } = conversation;
    const isOther = key !== this.#shown;
    const came = isOther ? 0 : messages.length - this.#count;
    if (isOther || came < 0) this.#forget();
    this.#shown = key;
    this.#count = messages.length;
    this.can = this.hasAttribute("watched") ? NOTHING : possible(conversation);
    this.#date(messages);
    this.list.show(messages);
    if (isOther) this.list.toEnd();
    if (isOther || came !== 0) this.list.refresh(); // what was the newest is no more
    if (came > 0) {
      const last = messages.at(-1);
      this.spoken.textContent = `${last.direction === "outbound" ? "Business" : "Person"}: ${last.text}`;
      if (this.#away) this.#missed += came;
    }
    this.#offerEnd();
  }

  #forget() {
    this.#missed = 0;
    this.#dated = 0;
    this.#days.clear();
    this.#sources.clear();
    this.spoken.textContent = "";
  }

  /** Note where a day of the account's clock begins, among the messages that are new. */
  #date(messages) {
    for (; this.#dated < messages.length; this.#dated += 1) {
      const { id, at } = messages[this.#dated];
      const before = messages[this.#dated - 1]?.at;
      if (before?.slice(0, 10) !== at.slice(0, 10)) this.#days.set(id, DAY.format(new Date(at)));
    }
  }

  #row(message, before) {
    const view = before ?? element("message-view");
    if (!before) view.connectedCallback(); // it is drawn before it is put into the page
    view.draw(message, {
      conversation: store.conversation,
      can: this.can,
      day: this.#days.get(message.id) ?? null,
      newest: message === store.conversation?.messages.at(-1),
      source: this.#sourceOf(message),
    });
    return view;
  }

  /** Return where a file is that the person sent: in the callback that carried it, unless it has a link of its own. */
  #sourceOf(message) {
    if (message.content.kind !== "media" || message.content.file.url) return null;
    if (!this.#sources.has(message.id)) {
      const source = sourceIn(store.callbacks.values(), message);
      if (source) this.#sources.set(message.id, source);
      this.#lacks = source === null;
    }
    return this.#sources.get(message.id) ?? null;
  }

  /** Show that the person is writing, if they did nothing since that was told. */
  #tellTyping({ account, user }) {
    const isTheirs = (told) =>
      told.account === account &&
      told.user === user &&
      (TYPING.test(told.kind) || store.messages.get(told.message)?.direction === "inbound");
    const told = [...store.callbacks.values()].findLast(isTheirs);
    const types = told !== undefined && TYPING.test(told.kind) && !STOPPED.test(JSON.stringify(told.decoded));
    if (types && this.typing.hidden) this.typing.replaceChildren(typingDots("The person"));
    this.typing.hidden = !types;
  }

  #arrive(isAtEnd) {
    this.#away = !isAtEnd;
    if (isAtEnd) this.#missed = 0;
    this.#offerEnd();
  }

  #offerEnd() {
    const text =
      this.#missed === 0 ? "To the newest" : `${this.#missed} new ${this.#missed === 1 ? "message" : "messages"}`;
    this.more.hidden = !this.#away;
    if (this.more.textContent !== text) this.more.replaceChildren(icon("down"), text);
  }
}

customElements.define("message-thread", MessageThread);
