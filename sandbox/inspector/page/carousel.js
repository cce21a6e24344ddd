// Carousels: cards side by side, which one swipes, or pages through with buttons and arrow keys.

import { element } from "./dom.js";
import { icon } from "./icons.js";
import { richCard } from "./rich-card.js";

/**
 * Return a carousel.
 *
 * @param {object} content as the API tells it.
 * @param {(suggestion: object, index: number) => void} [tap] as for a card; the index counts through all cards.
 */
export function carousel({ cards, card_width: width }, tap) {
  let first = 0;
  const items = cards.map((card, index) => {
    const from = first;
    first += card.suggestions.length;
    const own = tap && ((suggestion, place) => tap(suggestion, from + place));
    return element("li", { "aria-label": `${index + 1} of ${cards.length}` }, richCard(card, own));
  });
  const strip = element(
    "ul.strip",
    { tabindex: 0, "aria-label": `${cards.length} cards`, data: { width: width ?? "medium" } },
    items,
  );
  const step = (by) => {
    const [one, other] = items;
    const pace = other ? other.offsetLeft - one.offsetLeft : strip.clientWidth;
    strip.scrollTo({ left: (Math.round(strip.scrollLeft / pace) + by) * pace });
  };
  const back = element(
    "button.turn.back",
    { type: "button", "aria-label": "Previous card", disabled: true, on: { click: () => step(-1) } },
    icon("back"),
  );
  const forth = element(
    "button.turn.forth",
    { type: "button", "aria-label": "Next card", on: { click: () => step(1) } },
    icon("forward"),
  );
  const settle = () => {
    back.disabled = strip.scrollLeft <= 1;
    forth.disabled = strip.scrollLeft + strip.clientWidth >= strip.scrollWidth - 1;
  };
  strip.addEventListener("scroll", settle, { passive: true });
  strip.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.target !== strip) return;
    event.preventDefault();
    step(by);
  });
  drag(strip);
  new ResizeObserver(settle).observe(strip);
  return element(
    "div.carousel",
    { role: "group", "aria-roledescription": "carousel", "aria-label": "Cards" },
    back,
    strip,
    forth,
  );
}

/** Let a mouse pull it along, as a finger does by itself. */
function drag(strip) {
  let from = null;
  strip.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest("button, a")) return;
    from = event.clientX + strip.scrollLeft;
    strip.setPointerCapture(event.pointerId); // it may be pulled beyond its own edge
  });
  strip.addEventListener("pointermove", (event) => {
    if (from === null) return;
    strip.classList.add("dragged"); // it snaps when it is let go
    strip.scrollLeft = from - event.clientX;
  });
  for (const name of ["pointerup", "pointercancel"]) {
    strip.addEventListener(name, () => {
      from = null;
      strip.classList.remove("dragged");
    });
  }
}
