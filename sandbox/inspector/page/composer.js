// Where the person writes, and reaches everything else that they can do.

import { act, possible } from "./actions.js";
import "./callback-tweak.js";
import { DEEDS, UNSHOWN } from "./deeds.js";
import { element, fill } from "./dom.js";
import { icon } from "./icons.js";
import { attempt, refusal } from "./refusal.js";
import { Part, store } from "./store.js";

const FILE = { title: "File", icon: "image" };
const TRAY = [
  "send_file",
  "share_location",
  "start_typing",
  "tap",
  "event",
  "error",
  "system",
  "action",
  "agent",
  "end_session",
  "start",
];

/** `<message-composer>`; it asks for a form by the event `sheet` (detail: `{type}`). */
class MessageComposer extends Part {
  static hears = ["selection", "providers", "messages"];
  #drafts = new Map(); // by conversation
  #key = null;
  #offered = null; // what the tray was made from
  #magic = false;

  begin() {
    this.refusal = refusal();
    this.tray = element("ul.tray", { id: "tray", "aria-label": "More to do", hidden: true });
    this.more = element(
      "button.round",
      {
        type: "button",
        "aria-label": "More to do",
        "aria-expanded": "false",
        "aria-controls": "tray",
        on: { click: () => this.#toggle() },
      },
      icon("add"),
    );
    this.text = element("textarea", {
      rows: 1,
      "aria-label": "Message",
      placeholder: "Write as the person…",
      on: { input: () => this.#grow(), keydown: (event) => this.#press(event) },
    });
    this.send = element("button.round.primary", { type: "submit", "aria-label": "Send" }, icon("send"));
    this.silent = element("p.silent", { hidden: true }, "Nobody can write on this channel.");
    this.form = element(
      "form",
      { on: { submit: (event) => this.#submit(event) } },
      this.more,
      this.text,
      this.silent,
      this.send,
    );
    this.tweak = element("callback-tweak");
    this.append(this.refusal, this.tray, this.tweak, this.form);
  }

  /** Tell whether the person's address is a magic one, which can be told to begin. */
  set magic(is) {
    this.#magic = is;
    this.draw();
  }

  draw() {
    const { conversation } = store;
    if (!conversation) return;
    if (conversation.key !== this.#key) this.#change(conversation.key);
    const can = possible(conversation);
    const provider = store.providers.get(conversation.provider);
    const offered = TRAY.filter((type) => can.has(type))
      .filter((type) => type !== "tap" || provider.suggestion_types.length > 0) // else only what is shown can be tapped
      .filter((type) => type !== "start" || this.#magic);
    const writes = can.has("say");
    this.text.hidden = this.send.hidden = !writes;
    this.silent.hidden = writes;
    this.more.hidden = offered.length === 0;
    this.tweak.hidden = can.size === 0;
    if (this.#offered === offered.join()) return;
    this.#offered = offered.join();
    fill(
      this.tray,
      offered.map((type) => this.#tile(type)),
    );
    if (offered.length === 0) this.#toggle(false);
  }

  #tile(type) {
    const { title, icon: name, fields } = { ...DEEDS, tap: UNSHOWN, send_file: { ...FILE, fields: true } }[type];
    const doIt = () => {
      if (fields) this.#ask(type);
      else attempt(this.refusal, () => act(store.conversation, { type }));
    };
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", data: { type }, on: { click: doIt } },
        element("span", {}, icon(name)),
        title,
      ),
    );
  }

  #ask(type) {
    this.dispatchEvent(new CustomEvent("sheet", { bubbles: true, detail: { type } }));
  }

  #change(key) {
    if (this.#key !== null) this.#drafts.set(this.#key, this.text.value);
    this.#key = key;
    this.text.value = this.#drafts.get(key) ?? "";
    this.refusal.hidden = true;
    this.#grow();
  }

  #toggle(open = this.tray.hidden) {
    this.tray.hidden = !open;
    this.more.setAttribute("aria-expanded", open);
  }

  #press(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  async #submit(event) {
    event.preventDefault();
    const { conversation } = store;
    const text = this.text.value;
    if (!text || !conversation) return;
    const done = await attempt(this.refusal, () => act(conversation, { type: "say", text }));
    if (!done) return;
    this.#drafts.delete(conversation.key);
    if (this.text.value === text && store.selected === conversation.key) this.text.value = "";
    this.#grow();
  }

  #grow() {
    if (this.text.scrollHeight === 0) return; // nobody sees it
    this.text.style.setProperty("height", "auto");
    this.text.style.setProperty("height", `${Math.min(this.text.scrollHeight + 2, 140)}px`);
  }
}

customElements.define("message-composer", MessageComposer);
