// What the page knows: read once from the control API, kept up to date by its events. Parts of the page subscribe to it.

import { api, follow } from "./api.js";

const RETRY = 1000; // milliseconds, as the sandbox asks of the browser itself
const MOST = 20_000; // messages, callbacks, requests and runs of each, whatever the sandbox remembers; the oldest go first
const NAMES = ["providers", "accounts", "conversations", "messages", "callbacks", "requests", "runs", "faults", "clocks"];

/** Return what a conversation is found by. */
export function keyOf({ account, sender, user }) {
  return [account, sender, user].join("\n");
}

/**
 * Events of `store`: `accounts`, `conversations`, `messages` (detail: keys of the conversations that changed),
 * `callbacks`, `requests`, `runs`, `faults`, `clocks`, `connection`, `selection`, `scope`, `providers`. Changes that
 * come in one go are told once, with the next frame.
 */
class Store extends EventTarget {
  providers = new Map(); // by name, see `api.providers`
  accounts = new Map(); // by id
  conversations = new Map(); // by `keyOf`: {account, provider, sender, user, channel, messages: [], last, unread, turn}
  messages = new Map(); // by id
  callbacks = new Map(); // by id
  requests = new Map(); // by id
  runs = new Map(); // by id
  faults = new Map(); // by id and account
  clocks = new Map(); // by account
  connection = "connecting"; // "open", "lost", "refused": the control token is missing
  account = null; // id of the account that is looked at; null: all of them
  selected = null; // key of the conversation that is shown
  #turn = 0; // counts what came, for the order of conversations: their clocks differ
  #changed = new Map();
  #frame = 0;
  #heard = null; // while everything is read
  #loads = 0;
  #follows = false; // whether changes are told

  /** Follow what happens, and read everything as soon as that is sure to miss nothing. */
  begin() {
    follow(
      (kind, object) => this.#hear(kind, object),
      (state) => {
        this.#follows = state === "open";
        if (state === "open") this.load(); // whenever it comes back: a server that was started anew has forgotten all
        else if (this.connection === "open") this.#connect("lost");
        if (state === "ended") this.#beginAgain(); // it answered, but not with events
      },
    );
  }

  async #beginAgain() {
    await this.load(); // tells whether it wants the token
    if (this.connection !== "refused") setTimeout(() => this.begin(), RETRY);
  }

  /** Read everything anew; what is there already is shown until then. */
  async load() {
    const number = ++this.#loads;
    this.#heard ??= []; // what happens meanwhile is newer than what is read, and comes after it
    let read;
    try {
      read = await Promise.all([
        api.providers(), api.accounts(), api.messages(), api.callbacks(), api.requests(), api.runs(), api.faults(),
      ]);
    } catch (problem) {
      if (number !== this.#loads) return;
      this.#connect(problem.status === 401 ? "refused" : "lost");
      if (this.#follows) setTimeout(() => number === this.#loads && this.load(), RETRY);
      return;
    }
    if (number !== this.#loads) return; // another reading has begun meanwhile
    this.#take(...read);
    const heard = this.#heard;
    this.#heard = null;
    for (const [kind, object] of heard) this.#hear(kind, object);
    if (this.#follows) this.#connect("open");
  }

  #take(providers, accounts, messages, callbacks, requests, runs, faults) {
    const unread = new Map([...this.conversations.values()].map((each) => [each.key, each.unread]));
    const opened = this.conversation; // nothing may have been said in it yet
    for (const name of NAMES) this[name].clear();
    for (const each of providers) this.providers.set(each.name, each);
    for (const each of accounts) this.accounts.set(each.id, each);
    for (const each of messages) this.#takeMessage(each);
    for (const [name, items] of [["callbacks", callbacks], ["requests", requests], ["runs", runs]]) {
      for (const each of items) this[name].set(each.id, each);
    }
    for (const each of faults) this.faults.set(`${each.id} ${each.account}`, each);
    for (const conversation of this.conversations.values()) conversation.unread = unread.get(conversation.key) ?? 0;
    if (opened && this.accounts.has(opened.account)) this.#conversation(opened);
    for (const name of NAMES) this.#note(name);
  }

  #connect(connection) {
    this.connection = connection;
    this.#note("connection");
  }

  /** Show a conversation; it counts as read. */
  select(key) {
    this.selected = key;
    const conversation = this.conversations.get(key);
    if (conversation) conversation.unread = 0;
    this.#note("selection");
    this.#note("conversations");
  }

  /** Look at one account, or at all of them; a conversation of another one is shown no more. */
  choose(account) {
    this.account = account;
    this.#note("scope");
    this.#note("conversations");
    if (account !== null && this.conversation && this.conversation.account !== account) this.select(null);
  }

  /** Id of the account that what one does is about, null if it is not plain which. */
  get focus() {
    return this.conversation?.account ?? this.account;
  }

  /** Read the clock of an account, or the one that accounts to come will have: time passes without telling. */
  async readClock(account) {
    this.#keep(this.clocks, account, await api.clock(account), "clocks");
  }

  get conversation() {
    return this.conversations.get(this.selected) ?? null;
  }

  /** Begin a conversation that nothing was said in yet, and show it. */
  open(account, sender, user, channel = null) {
    const provider = this.accounts.get(account)?.provider;
    const key = this.#conversation({ account, provider, sender, user, channel });
    const conversation = this.conversations.get(key);
    if (!conversation.messages.length) conversation.channel = channel;
    this.select(key);
  }

  /** Forget what happened to an account, as the sandbox did; without one, read all anew. */
  async reset(account) {
    await api.reset(account);
    await this.load();
  }

  #hear(kind, object) {
    if (this.#heard) {
      this.#heard.push([kind, object]);
      return;
    }
    switch (kind) {
      case "message": {
        const key = this.#takeMessage(object);
        this.#note("messages", key);
        this.#note("conversations");
        break;
      }
      case "account":
        if (object.deleted || object.reset) this.#forget(object.id);
        this.#keep(this.accounts, object.id, object, "accounts");
        break;
      case "fault":
        this.#keep(this.faults, `${object.id} ${object.account}`, object, "faults");
        break;
      case "clock":
        this.#keep(this.clocks, object.account, object, "clocks");
        break;
      default: // request, callback, run
        this.#keep(this[`${kind}s`], object.id, object, `${kind}s`);
        if (this[`${kind}s`].size > MOST) this[`${kind}s`].delete(this[`${kind}s`].keys().next().value);
    }
  }

  /** Let go of all that belongs to an account. */
  #forget(account) {
    for (const name of ["conversations", "messages", "callbacks", "requests", "runs", "faults", "clocks"]) {
      for (const [key, each] of this[name]) if (each.account === account) this[name].delete(key);
      this.#note(name);
    }
  }

  #keep(map, key, object, name) {
    if (object.deleted) map.delete(key);
    else map.set(key, object);
    this.#note(name);
  }

  #takeMessage(message) {
    const key = this.#conversation(message);
    const conversation = this.conversations.get(key);
    const known = this.messages.has(message.id);
    this.messages.set(message.id, message);
    if (known) {
      const place = conversation.messages.findLastIndex((each) => each.id === message.id);
      if (place >= 0) conversation.messages[place] = message;
    } else {
      conversation.messages.push(message);
      conversation.turn = ++this.#turn;
      if (key !== this.selected) conversation.unread += 1;
      if (this.messages.size > MOST) this.#dropMessage();
    }
    conversation.last = conversation.messages.at(-1);
    conversation.channel = conversation.last.channel;
    return key;
  }

  #dropMessage() {
    const oldest = this.messages.values().next().value;
    this.messages.delete(oldest.id);
    const { messages } = this.conversations.get(keyOf(oldest));
    if (messages[0] === oldest) messages.shift();
  }

  #conversation({ account, provider, sender, user, channel }) {
    const key = keyOf({ account, sender, user });
    if (!this.conversations.has(key)) {
      this.conversations.set(key, { key, account, provider, sender, user, channel, messages: [], last: null, unread: 0, turn: ++this.#turn });
      this.#note("conversations");
    }
    return key;
  }

  #note(name, detail) {
    if (!this.#changed.has(name)) this.#changed.set(name, new Set());
    if (detail !== undefined) this.#changed.get(name).add(detail);
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#tell());
  }

  #tell() {
    this.#frame = 0;
    const changed = this.#changed;
    this.#changed = new Map();
    for (const [name, detail] of changed) this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

export const store = new Store();

/** A part of the page that redraws when something in the store has changed, as long as it is in the document. */
export class Part extends HTMLElement {
  /** Names of the store's events that it redraws for. */
  static hears = [];
  #redraw = (event) => this.draw(event);

  connectedCallback() {
    for (const name of this.constructor.hears) store.addEventListener(name, this.#redraw);
    this.begin();
    this.draw();
  }

  disconnectedCallback() {
    for (const name of this.constructor.hears) store.removeEventListener(name, this.#redraw);
  }

  /** Make what stays. */
  begin() {}

  /** Show what the store has now. */
  draw() {}
}
