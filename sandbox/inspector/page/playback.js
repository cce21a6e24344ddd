// Playback: a conversation that has happened, as it stood at any moment of it; long silences are cut short.

const SILENCE = 4000; // milliseconds that a silence lasts at most
const LEAD = 600; // milliseconds of silence before the first message
const TAIL = 1500; // and behind the last thing that happened
const PER_LETTER = 45; // milliseconds that a person takes to write one
const PRESSED = 450; // milliseconds for which one sees what is about to be tapped

export class Playback {
  #messages = [];
  #instants = []; // when something happened, in milliseconds of the conversation
  #offsets = []; // the same in milliseconds of the playing
  #cut = new Map(); // messages with a part of their history, by id and length of that
  #shown = { passed: -1, messages: [] };

  /** Play these messages, in the order they were said; there may be more of them than before. */
  show(messages) {
    const instants = messages.flatMap((message) => [message.at, ...message.history.map((change) => change.at)]);
    this.#messages = messages;
    this.#instants = [...new Set(instants.map(Date.parse))].sort((one, other) => one - other);
    let [offset, before] = [0, null];
    this.#offsets = this.#instants.map((instant) => {
      offset += before === null ? LEAD : Math.min(instant - before, SILENCE);
      before = instant;
      return offset;
    });
    this.#shown.passed = -1;
  }

  /** How long it takes, in milliseconds. */
  get length() {
    return this.#offsets.length ? this.#offsets.at(-1) + TAIL : 0;
  }

  /** Return the time of the conversation at an offset, RFC 3339; null if there is none. */
  timeAt(offset) {
    const passed = this.#passed(offset);
    if (!this.#instants.length) return null;
    const since = passed ? Math.max(0, offset - this.#offsets[passed - 1]) : 0;
    const next = this.#instants[passed] ?? Infinity;
    return new Date(Math.min(next, this.#instants[Math.max(0, passed - 1)] + since)).toISOString();
  }

  /** Return the messages as they stood at an offset: the very same array as long as nothing happens. */
  messagesAt(offset) {
    const passed = this.#passed(offset);
    if (passed !== this.#shown.passed) {
      const until = passed ? this.#instants[passed - 1] : -Infinity;
      const said = this.#messages.filter((message) => Date.parse(message.at) <= until);
      this.#shown = { passed, messages: said.map((message) => this.#asItStood(message, until)) };
    }
    return this.#shown.messages;
  }

  /** Return what the person is about to do: `{writes: text}` as far as it is written, `{taps: text}`, or nothing. */
  comingAt(offset) {
    const until = this.#instants[this.#passed(offset) - 1] ?? -Infinity;
    const next = this.#messages.find((message) => Date.parse(message.at) > until);
    if (!next || next.direction !== "inbound") return {};
    const left = this.#offsets[this.#instants.indexOf(Date.parse(next.at))] - offset;
    const { kind, text } = next.content;
    if (kind === "suggestion_response") return left < PRESSED ? { taps: text } : {};
    if (kind !== "text") return {};
    const letters = [...text];
    const missing = Math.ceil(left / PER_LETTER);
    return missing < letters.length ? { writes: letters.slice(0, letters.length - missing).join("") } : {};
  }

  /** Return how many instants lie at or before an offset. */
  #passed(offset) {
    let [low, high] = [0, this.#offsets.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#offsets[middle] <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #asItStood(message, until) {
    const history = message.history.filter((change) => Date.parse(change.at) <= until);
    if (history.length === message.history.length) return message;
    const key = `${message.id} ${history.length}`;
    if (!this.#cut.has(key)) {
      const status = history.at(-1)?.status ?? (message.direction === "inbound" ? "received" : "accepted");
      this.#cut.set(key, { ...message, history, status });
    }
    return this.#cut.get(key);
  }
}
