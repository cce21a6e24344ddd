// A list of any length and of rows of any height, of which only those in sight are in the document.

import { element } from "./dom.js";
import { RowPlaces } from "./row-places.js";

const BEYOND = 600; // pixels above and below what is seen in which rows are made already
const NEAR = 2; // pixels from an end that still count as the end
const REST = 150; // milliseconds without a scroll after which it is over

/**
 * `<window-list>`: give it `key` and `render`, then `show(items)` whenever there are others. Its own height comes from
 * its sheet. What is looked at stays where it is when rows come, go or grow above it; who looks at the end goes on
 * looking at the end. It tells `atend` (detail: whether the end is seen) when that changes.
 *
 * Role and name are its user's: `role="list"`, or `feed` with `itemRole` `article`.
 */
export class WindowList extends HTMLElement {
  /** What an item is known by: text, unlike that of any other. */
  key = (item) => item.id;
  /** Return the element of an item; `before` is the one returned for it last, to be brought up to date where it can be. */
  render = (item, before) => before ?? element("div", {}, this.key(item));
  /** Role of each row. */
  itemRole = "listitem";
  /** The end at which it stays when it is there: `end`, or `start` where the newest comes first. */
  sticks = "end";

  /** Height of a row in pixels, until some have been measured. */
  set estimate(height) {
    this.#places.guess = height;
  }

  #items = [];
  #places = new RowPlaces();
  #rows = new Map(); // what is in the document, by key: {row, item}
  #inner = element("div.window-rows", { role: "presentation" });
  #atStart = true;
  #atEnd = true;
  #told = true; // whether it was told last that the end is seen
  #anchor = null; // what is looked at: {key, within}, pixels from that row's upper edge to that of the window
  #set = 0; // where it was scrolled to from here
  #resting = 0; // timer: somebody is scrolling
  // While somebody is scrolling, which would stop if `scrollTop` were set, all rows are drawn that much higher instead.
  #drift = 0;
  #width = 0;
  #frame = 0;
  #sizes = new ResizeObserver((entries) => this.#resized(entries));

  connectedCallback() {
    if (!this.#inner.isConnected) this.append(this.#inner);
    if (!this.hasAttribute("tabindex")) this.tabIndex = 0; // it is scrolled by keys
    this.addEventListener("scroll", this.#scrolled, { passive: true });
    this.addEventListener("keydown", this.#pressed);
    this.#sizes.observe(this);
  }

  disconnectedCallback() {
    this.removeEventListener("scroll", this.#scrolled);
    this.removeEventListener("keydown", this.#pressed);
    clearTimeout(this.#resting);
    this.#resting = 0;
    this.#sizes.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    for (const key of [...this.#rows.keys()]) this.#drop(key);
  }

  /** Whether the end is seen. */
  get atEnd() {
    return this.#atEnd;
  }

  /** Show these items, in this order; the array may be one that was shown before and has changed. */
  show(items) {
    this.#items = items;
    this.#places.show(items.map((item) => this.key(item)));
    this.#layout();
  }

  /** Draw what is in sight anew, where something other than the items has changed. */
  refresh() {
    for (const shown of this.#rows.values()) shown.item = undefined;
    this.#layout();
  }

  /** Bring the row of that key into sight, in the middle if it is not there yet; false if there is none. */
  reveal(key) {
    const index = this.#places.indexOf(key);
    if (index === undefined) return false;
    const [top, bottom] = [this.#places.top(index), this.#places.top(index + 1)];
    const from = this.scrollTop + this.#drift;
    if (top < from || bottom > from + this.clientHeight) this.#go(key, -Math.max(0, (this.clientHeight - (bottom - top)) / 2));
    return true;
  }

  /** Return the element of an item, if it is in the document. */
  rowOf(key) {
    return this.#rows.get(key)?.row.firstElementChild ?? null;
  }

  /** Go to the first row. */
  toStart() {
    this.#go(this.#places.keyAt(0), 0);
  }

  /** Go to the end, and stay there. */
  toEnd() {
    this.#go(this.#places.keyAt(this.#places.count - 1), Infinity);
  }

  #go(key, within) {
    this.#atStart = this.#atEnd = false;
    this.#anchor = { key, within };
    this.#rest();
  }

  #scrolled = () => {
    if (!this.clientHeight || Math.abs(this.scrollTop - this.#set) < 1) return;
    this.#set = -1;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#rest(), REST);
    const top = this.scrollTop + this.#drift;
    this.#lookAt(top);
    // As far as one can: rows may have grown that are not drawn so yet.
    this.#atEnd ||= this.scrollTop + this.clientHeight >= this.scrollHeight - NEAR;
    this.#soon();
  };

  /** Home and End go where they say: rows that turn out higher on the way there would lead astray. */
  #pressed = (event) => {
    if ((event.key !== "Home" && event.key !== "End") || event.target.matches("input, textarea, select")) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (event.key === "Home") this.toStart();
    else this.toEnd();
  };

  #rest() {
    clearTimeout(this.#resting);
    this.#resting = 0;
    this.#layout();
  }

  #resized(entries) {
    const width = this.clientWidth;
    if (width !== this.#width) {
      this.#width = width;
      this.#places.forget();
    }
    for (const { target, borderBoxSize } of entries) {
      const key = target.dataset.key;
      if (this.#rows.get(key)?.row !== target) continue;
      if (Math.abs((this.#places.heightOf(key) ?? 0) - borderBoxSize[0].blockSize) > 0.5) this.#places.forget(key);
    }
    this.#soon(); // not at once: it would be told of what it changes itself
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#layout();
    });
  }

  /** Put into the document what is in sight, measure it, and keep what is looked at in its place. */
  #layout() {
    const height = this.clientHeight;
    if (!height) return; // nobody sees it: drawn when its size comes
    let top = 0;
    // What was guessed turns out higher or lower, and others come into sight: mostly the second pass is quiet.
    for (let pass = 0; pass < 5; pass += 1) {
      top = this.#wanted(height);
      this.#put(top - BEYOND, top + height + BEYOND);
      if (!this.#measure()) break;
    }
    const stays = this.#resting && !(this.sticks === "end" && this.#atEnd);
    this.#drift = stays ? top - this.scrollTop : 0;
    this.#inner.style.setProperty("height", `${this.#places.sum - this.#drift}px`);
    for (const [key, { row }] of this.#rows) {
      row.style.setProperty("transform", `translateY(${this.#places.top(this.#places.indexOf(key)) - this.#drift}px)`);
    }
    if (!stays) {
      if (Math.abs(this.scrollTop - top) >= 1) this.scrollTop = top;
      this.#set = this.scrollTop;
    }
    this.#lookAt(top);
    if (this.#atEnd !== this.#told) {
      this.#told = this.#atEnd;
      this.dispatchEvent(new CustomEvent("atend", { detail: this.#atEnd }));
    }
  }

  /** Return where the upper edge is to be. */
  #wanted(height) {
    const most = Math.max(0, this.#places.sum - height);
    if (this.sticks === "end" && this.#atEnd) return most;
    if (this.sticks !== "end" && this.#atStart) return 0;
    const index = this.#places.indexOf(this.#anchor?.key);
    const wanted = index === undefined ? this.scrollTop + this.#drift : this.#places.top(index) + this.#anchor.within;
    return Math.min(most, Math.max(0, wanted));
  }

  /** Note what is looked at with the upper edge there. */
  #lookAt(top) {
    this.#atStart = top < NEAR;
    this.#atEnd = top + this.clientHeight >= this.#places.sum - NEAR;
    let index = this.#places.indexAt(top);
    // A row that begins in sight, rather than one of which only the end is seen.
    if (this.#places.top(index) < top && this.#places.top(index + 1) < top + this.clientHeight / 2) index += 1;
    index = Math.min(index, this.#places.count - 1);
    this.#anchor = index < 0 ? null : { key: this.#places.keyAt(index), within: top - this.#places.top(index) };
  }

  /** Have exactly the rows between two heights in the document, and that which has the focus. */
  #put(from, to) {
    const wanted = new Set();
    for (let index = this.#places.indexAt(from); index < this.#places.count && this.#places.top(index) < to; index += 1) {
      wanted.add(index);
    }
    const focused = this.#inner.contains(document.activeElement) ? document.activeElement.closest(".window-row") : null;
    for (const [key, { row }] of [...this.#rows]) {
      const index = this.#places.indexOf(key);
      if (index !== undefined && row === focused) wanted.add(index);
      if (!wanted.has(index)) this.#drop(key);
    }
    let before = null; // rows stand in the order that they are read in
    for (const index of [...wanted].sort((one, other) => one - other)) {
      const row = this.#drawn(index);
      const next = before ? before.nextSibling : this.#inner.firstChild;
      if (row !== next) this.#inner.insertBefore(row, next);
      before = row;
    }
  }

  #drawn(index) {
    const [item, key] = [this.#items[index], this.#places.keyAt(index)];
    let shown = this.#rows.get(key);
    if (!shown) {
      shown = { row: element("div.window-row", { role: this.itemRole, data: { key } }), item: undefined };
      this.#rows.set(key, shown);
      this.#sizes.observe(shown.row);
    }
    shown.row.setAttribute("aria-posinset", index + 1);
    shown.row.setAttribute("aria-setsize", this.#items.length);
    if (shown.item !== item) {
      shown.item = item;
      const before = shown.row.firstElementChild;
      const made = this.render(item, before);
      if (made !== before) shown.row.replaceChildren(made);
      this.#places.forget(key);
    }
    return shown.row;
  }

  /** Measure what is not measured yet; tell whether anything turned out otherwise. */
  #measure() {
    let changed = false;
    for (const [key, { row }] of this.#rows) {
      if (this.#places.heightOf(key) !== undefined) continue;
      this.#places.measured(key, row.getBoundingClientRect().height);
      changed = true;
    }
    return changed;
  }

  #drop(key) {
    const { row } = this.#rows.get(key);
    this.#sizes.unobserve(row);
    row.remove();
    this.#rows.delete(key);
  }
}

customElements.define("window-list", WindowList);
