// One message as it is on the phone: what it says, what can be tapped, and how far it came.

import { act } from "./actions.js";
import { carousel } from "./carousel.js";
import { element, fill } from "./dom.js";
import { icon } from "./icons.js";
import { locationView } from "./location-view.js";
import { mediaView } from "./media-view.js";
import { isTyping, otherView, typingDots } from "./other-view.js";
import { prose } from "./prose.js";
import { befalling, historyOf, receiptLine } from "./receipts.js";
import { attempt, refusal } from "./refusal.js";
import { richCard } from "./rich-card.js";
import { chips, effect } from "./suggestions.js";

const DEEDS = { deliver: "Deliver", read: "Mark read", fail: "Fail…", receipt: "Receipt…", click: "Click a link…" };
const IMMEDIATE = ["deliver", "read"];

/** Return what a message says. */
function contentOf(message, source, tap) {
  const { content } = message;
  switch (content.kind) {
    case "text":
      return element("p.words", {}, prose(content.text));
    case "suggestion_response":
      return element(
        "p.words.reply",
        { title: `postback ${content.postback}` },
        icon("reply"),
        element("span", {}, content.text),
      );
    case "media":
      return mediaView(content, source);
    case "card":
      return richCard(content, tap);
    case "carousel":
      return carousel(content, tap);
    case "location":
      return locationView(content);
    default:
      return isTyping(content) ? typingDots("The business") : otherView(content);
  }
}

/**
 * `<message-view>`: give it to `draw` whenever the message is another object; what has not changed stays as it is.
 *
 * It asks for a form by the event `sheet` (detail: `{type, message, suggestion, index}`).
 */
class MessageView extends HTMLElement {
  #drawn = {}; // what each part was made from
  #day = element("p.day");
  #who = element("span.unseen");
  #bubble = element("div.bubble");
  #offer = element("div.offer");
  #below = element("div.below");
  #refusal = refusal();
  #line = element("button.fate", { type: "button", "aria-expanded": "false", on: { click: () => this.#toggle() } });
  #panel = element("div.story", { hidden: true });

  connectedCallback() {
    if (!this.firstChild)
      this.append(this.#day, this.#who, this.#bubble, this.#offer, this.#below, this.#refusal, this.#line, this.#panel);
  }

  /**
   * @param {object} message as the API tells it.
   * @param {object} context
   * @param {object} context.conversation which it is part of.
   * @param {Set<string>} context.can actions that are possible; an empty one makes it a picture only.
   * @param {string|null} context.day what to write above it, where a day begins.
   * @param {boolean} context.newest whether nothing was said since.
   * @param {string|null} context.source where the sandbox has its file.
   */
  draw(message, context) {
    Object.assign(this, { message, context });
    const { direction, status, content, suggestions } = message;
    Object.assign(this.dataset, { direction, status, kind: content.kind, newest: context.newest });
    this.#day.hidden = context.day === null;
    this.#day.textContent = context.day ?? "";
    this.#who.textContent = direction === "outbound" ? "Business: " : "Person: ";
    const lost = status === "failed" || status === "expired";
    const taps = context.can.has("tap") && direction === "outbound" && !lost;
    const inCards = (content.cards ?? [content]).flatMap((card) => card.suggestions ?? []).length;
    const beside = suggestions.slice(0, suggestions.length - inCards);
    const tap = (from) => (taps ? (suggestion, index) => this.#tap(suggestion, from + index) : undefined);
    this.#part("bubble", [content, context.source, taps], () =>
      fill(this.#bubble, contentOf(message, context.source, tap(beside.length))),
    );
    this.#part("offer", [beside, taps], () => fill(this.#offer, chips(beside, tap(0))));
    this.#part("line", [status, message.history], () =>
      fill(this.#line, element("span.unseen", {}, "What became of it: "), receiptLine(message)),
    );
    if (!this.#panel.hidden) this.#part("panel", [message.history, [...context.can]], () => this.#open());
  }

  /** Make a part anew if what it is made from is not what it was. */
  #part(name, from, make) {
    const text = JSON.stringify(from);
    if (this.#drawn[name] === text) return;
    this.#drawn[name] = text;
    make();
  }

  async #tap(suggestion, index) {
    const { message } = this;
    fill(this.#below);
    if (suggestion.action?.kind === "request_location") {
      this.#ask({ type: "tap", message, suggestion, index });
      return;
    }
    const done = await attempt(this.#refusal, () =>
      act(this.context.conversation, { type: "tap", suggestion: { index }, message: message.id }),
    );
    if (done) fill(this.#below, effect(suggestion.action));
  }

  #toggle() {
    this.#panel.hidden = !this.#panel.hidden;
    this.#line.setAttribute("aria-expanded", !this.#panel.hidden);
    delete this.#drawn.panel;
    if (!this.#panel.hidden) this.#part("panel", [this.message.history, [...this.context.can]], () => this.#open());
  }

  #open() {
    const deeds = befalling(this.message, this.context.can).map((type) =>
      element("button", { type: "button", data: { type }, on: { click: () => this.#befall(type) } }, DEEDS[type]),
    );
    const had = this.#panel.contains(document.activeElement);
    fill(this.#panel, historyOf(this.message), deeds.length ? element("p.deeds", {}, deeds) : null);
    if (had) this.#line.focus(); // the button that did it may be gone
  }

  #befall(type) {
    const { message } = this;
    if (!IMMEDIATE.includes(type)) this.#ask({ type, message });
    else attempt(this.#refusal, () => act(this.context.conversation, { type, message: message.id }));
  }

  #ask(detail) {
    this.dispatchEvent(new CustomEvent("sheet", { bubbles: true, detail }));
  }
}

customElements.define("message-view", MessageView);
