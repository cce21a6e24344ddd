// What the wire shows: the timeline of a conversation or an account, or all requests; read again when something happened.

import { api } from "./api.js";
import { store } from "./store.js";

const PAUSE = 250; // milliseconds between one reading and the next, at least
const SHARE = 4; // a reading that took long is followed by a pause so many times as long
export const FEW = 250; // trees
export const MOST = 1000;

/**
 * @typedef {object} Node what happened, see docs/timeline.md.
 * @property {string} type
 * @property {string|null} id
 * @property {string} at
 * @property {string} summary
 * @property {{type: string, id: string|null, text: string, source: string|null}|null} why
 * @property {Node[]} children
 *
 * @typedef {object} Seen
 * @property {Node[]} roots
 * @property {number} omitted how many roots before these there are.
 * @property {Record<string, number>} dropped how many records of each sort the journal keeps no more.
 */

export class WireSource {
  #show;
  #fail;
  #scope = { kind: "all" };
  #limit = FEW;
  #timer = 0;
  #reading = false;
  #stale = false;

  /**
   * @param {(seen: Seen) => void} show
   * @param {(problem: Error) => void} fail
   */
  constructor(show, fail) {
    this.#show = show;
    this.#fail = fail;
  }

  /** Look at something else, at once. */
  look(scope, limit) {
    this.#scope = scope;
    this.#limit = limit;
    this.#stale = true;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#read();
  }

  /** Something happened: read again, but not too often. */
  soon() {
    this.#stale = true;
    if (!this.#reading && !this.#timer) this.#read();
  }

  end() {
    clearTimeout(this.#timer);
    this.#timer = -1; // nothing is read any more
  }

  async #read() {
    if (this.#reading) return; // it reads again when it has finished, for it is stale
    this.#reading = true;
    this.#stale = false;
    const began = performance.now();
    const scope = this.#scope;
    try {
      const seen = await this.#seen();
      if (scope === this.#scope) this.#show(seen);
    } catch (problem) {
      if (scope === this.#scope) this.#fail(problem);
    }
    this.#reading = false;
    if (scope !== this.#scope) this.#read();
    else if (this.#timer === 0) {
      const pause = Math.max(PAUSE, SHARE * (performance.now() - began));
      this.#timer = setTimeout(() => {
        this.#timer = 0;
        if (this.#stale) this.#read();
      }, pause);
    }
  }

  async #seen() {
    const { kind, account, user } = this.#scope;
    if (kind !== "all") {
      const { items, omitted, dropped } = await api.timeline({ account, user, limit: this.#limit });
      return { roots: items, omitted, dropped };
    }
    const requests = [...store.requests.values()].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
    const roots = requests.slice(-this.#limit).map(alone);
    return { roots, omitted: requests.length - roots.length, dropped: { requests: await api.droppedRequests() } };
  }
}

/** Return a request as a node without what came of it. */
function alone({ id, at, method, path, status }) {
  return { type: "request", id, at, summary: `${method} ${path} → ${status ?? "no answer"}`, why: null, children: [] };
}
