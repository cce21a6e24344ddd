// Which rows of the wire are shown: by words, by sort, and whether something went wrong.

import { element } from "./dom.js";
import { isError, textOf } from "./wire-record.js";

const KINDS = ["request", "message", "callback", "attempt", "run", "step", "action", "fault", "change"];
const WAIT = 120; // milliseconds after a key

/**
 * @typedef {object} Row
 * @property {string} key the same as long as it is about the same.
 * @property {number} depth from 0.
 * @property {import("./wire-source.js").Node} node
 * @property {boolean} faint whether it is there only because of what is below it.
 */

class WireFilter extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    if (this.words) return;
    const changed = () => this.dispatchEvent(new Event("changed"));
    const typed = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(changed, WAIT);
    };
    this.words = element("input.words", { type: "search", placeholder: "Filter", "aria-label": "Filter the wire by text", on: { input: typed } });
    this.errors = element("input", { type: "checkbox", on: { change: changed } });
    this.kinds = new Map(KINDS.map((kind) => [kind, element("input", { type: "checkbox", checked: true, on: { change: changed } })]));
    const every = (to) => () => {
      for (const box of this.kinds.values()) box.checked = to;
      changed();
    };
    this.append(
      this.words,
      element("label.check", {}, this.errors, "Only errors"),
      element(
        "details.kinds",
        {},
        element("summary", {}, "Kinds"),
        element(
          "fieldset",
          {},
          element("legend.unseen", {}, "Kinds that are shown"),
          [...this.kinds].map(([kind, box]) => element("label.check", {}, box, kind)),
          element("button", { type: "button", on: { click: every(true) } }, "All"),
          element("button", { type: "button", on: { click: every(false) } }, "None"),
        ),
      ),
    );
  }

  /** Whether anything is left out. */
  get isOn() {
    return this.words.value.trim() !== "" || this.errors.checked || [...this.kinds.values()].some((box) => !box.checked);
  }

  /**
   * Return trees as rows: those that fit, and faintly those above them.
   *
   * @param {import("./wire-source.js").Node[]} roots
   * @returns {Row[]}
   */
  rows(roots) {
    const words = this.words.value.trim().toLowerCase();
    const searching = words !== "" || this.errors.checked;
    const rows = [];
    const walk = (nodes, depth, above) => {
      let found = false;
      nodes.forEach((node, place) => {
        const key = `${above}/${node.type}:${node.id ?? place}`;
        const shown = (this.kinds.get(node.type)?.checked ?? true) && !isTold(node, nodes);
        const fits = shown && (!this.errors.checked || isError(node)) && (words === "" || textOf(node).includes(words));
        const before = rows.length;
        if (shown) rows.push({ key, depth, node, faint: searching && !fits });
        const below = walk(node.children, shown ? depth + 1 : depth, key);
        if (shown && !fits && !(below && searching)) rows.splice(before, 1);
        found ||= fits || below;
      });
      return found;
    };
    walk(roots, 0, "");
    return rows;
  }
}

/** Tell whether what stands around a node says as much: its callback of a lone attempt, what came of it of a step. */
function isTold(node, siblings) {
  if (node.type === "attempt") return node.id !== null && node.why === null && siblings.filter((each) => each.type === "attempt").length === 1;
  return node.type === "step" && node.children.length > 0 && node.summary.endsWith(": done");
}

customElements.define("wire-filter", WireFilter);
