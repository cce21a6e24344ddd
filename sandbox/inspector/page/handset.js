// The phone of the person in the conversation that is shown: what they see, and what they can do.

import { act } from "./actions.js";
import { api } from "./api.js";
import { avatar } from "./avatar.js";
import { about, actionOf, DEEDS, UNSHOWN, WHERE } from "./deeds.js";
import { element, fill } from "./dom.js";
import { fileForm } from "./file-sheet.js";
import { form } from "./form.js";
import { openNewConversation } from "./new-conversation.js";
import { Part, store } from "./store.js";
import "./composer.js";
import "./message-thread.js";
import "./phone-clock.js";
import "./sheet.js";

class PersonHandset extends Part {
  static hears = ["selection", "conversations", "providers", "accounts"];
  #key = null;

  begin() {
    this.face = element("div.face");
    this.sender = element("h2");
    this.about = element("p");
    this.does = element("p.does", { hidden: true });
    this.composer = element("message-composer");
    this.sheet = element("phone-sheet");
    this.phone = element(
      "div.phone",
      { hidden: true },
      element(
        "header.top",
        {},
        element("div.status", {}, element("phone-clock"), element("span.island")),
        element("div.who", {}, this.face, element("div", {}, this.sender, this.about)),
        this.does,
      ),
      element("message-thread"),
      this.composer,
      this.sheet,
    );
    this.empty = element(
      "div.empty",
      {},
      element("div.outline", {}, element("i"), element("i"), element("i")),
      element("h2", {}, "Nobody is talking yet"),
      (this.hint = element("p")),
      element("button.primary", { type: "button", on: { click: openNewConversation } }, "New conversation"),
    );
    this.append(this.phone, this.empty);
    this.addEventListener("sheet", ({ detail }) => this.#open(detail));
  }

  draw() {
    const { conversation } = store;
    this.phone.hidden = conversation === null;
    this.empty.hidden = conversation !== null;
    const some = store.conversations.size > 0;
    this.empty.querySelector("h2").textContent = some ? "Whose phone is it?" : "Nobody is talking yet";
    this.hint.textContent = some
      ? "Choose a conversation to look at it with the person's eyes."
      : "Send a message with your client, or begin by being the person.";
    if (!conversation) {
      this.#key = null;
      return;
    }
    const { key, account, provider, sender, user, channel } = conversation;
    this.sender.textContent = sender || store.accounts.get(account)?.name || account;
    this.about.textContent = [store.providers.get(provider)?.title, channel, `to ${user}`].filter(Boolean).join(" · ");
    if (key !== this.#key) this.#change(conversation);
  }

  #change({ key, account, sender, user }) {
    this.#key = key;
    this.sheet.close();
    fill(this.face, avatar(sender || account, "business"));
    this.does.hidden = true;
    this.composer.magic = false;
    api.place(account, { user, sender }).then(
      ({ does }) => {
        if (this.#key !== key || !does) return;
        this.does.hidden = false;
        this.does.textContent = `A magic address: ${does}`;
        this.composer.magic = true;
      },
      () => {}, // an address that no action takes has no magic
    );
  }

  /** Ask for what an action wants to know, and do it. */
  #open({ type, message, suggestion, index }) {
    const { conversation } = store;
    const told = about(conversation, message);
    const finish = async (action) => {
      await act(conversation, action);
      this.sheet.close();
    };
    if (type === "send_file") {
      this.sheet.open("Send a file", fileForm(told.provider, finish));
      return;
    }
    const deed = type === "tap" ? (message ? WHERE : UNSHOWN) : DEEDS[type];
    const fields = deed.fields(told);
    const of = message ? { message: message.id } : {};
    const tapped = suggestion ? { suggestion: { index } } : {};
    const nodes = fields.map(({ node }) => node);
    const send = () => finish({ ...actionOf(type, fields), ...of, ...tapped });
    this.sheet.open(suggestion?.text ?? deed.title, form(deed.verb, nodes, send));
  }
}

customElements.define("person-handset", PersonHandset);
