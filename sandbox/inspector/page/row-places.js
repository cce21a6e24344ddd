// Where each row of a long list stands, of which some have been measured and the others are guessed.

const ENOUGH = 100; // measured rows to guess the others from

export class RowPlaces {
  #keys = [];
  #indexes = new Map(); // by key
  #heights = new Map(); // measured, by key
  #tops = new Float64Array(1); // of each row, and behind the last one the sum
  #stale = true;
  /** Height of what was not measured, in pixels; once some rows were, their mean, and it stays that. */
  guess = 64;

  get count() {
    return this.#keys.length;
  }

  /** The height of all. */
  get sum() {
    return this.top(this.#keys.length);
  }

  /** Have rows of these keys, in this order. */
  show(keys) {
    this.#keys = keys;
    this.#indexes = new Map(keys.map((key, index) => [key, index]));
    for (const key of this.#heights.keys()) if (!this.#indexes.has(key)) this.#heights.delete(key);
    this.#stale = true;
  }

  keyAt(index) {
    return this.#keys[index];
  }

  /** Return the place of a key in the order; undefined if it has none. */
  indexOf(key) {
    return this.#indexes.get(key);
  }

  /** Return the measured height; undefined if it was not measured, or has changed since. */
  heightOf(key) {
    return this.#heights.get(key);
  }

  measured(key, height) {
    this.#heights.set(key, height);
    this.#stale = true;
  }

  /** Forget a height, or all. */
  forget(key) {
    if (key === undefined) this.#heights.clear();
    else this.#heights.delete(key);
    this.#stale = true;
  }

  /** Return the upper edge of a row in pixels; behind the last one, the sum. */
  top(index) {
    if (this.#stale) this.#addUp();
    return this.#tops[index];
  }

  /** Return the row that is there at a height: the first or last one beyond them. */
  indexAt(height) {
    let [low, high] = [0, this.#keys.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.top(middle) <= height) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  #addUp() {
    this.#stale = false;
    const count = this.#keys.length;
    if (this.#tops.length !== count + 1) this.#tops = new Float64Array(count + 1);
    if (this.#heights.size > 0 && this.#heights.size < ENOUGH) {
      this.guess = [...this.#heights.values()].reduce((sum, height) => sum + height) / this.#heights.size;
    }
    let sum = 0;
    for (let index = 0; index < count; index += 1) {
      this.#tops[index] = sum;
      sum += this.#heights.get(this.#keys[index]) ?? this.guess;
    }
    this.#tops[count] = sum;
  }
}
