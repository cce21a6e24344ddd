// Rich cards: a picture, a title, a description and buttons, as they lie and as high as the business wants them.

import { element } from "./dom.js";
import { cardPicture } from "./media-view.js";
import { prose } from "./prose.js";
import { chips } from "./suggestions.js";

/**
 * Return a card.
 *
 * @param {object} card as the API tells it.
 * @param {(suggestion: object, index: number) => void} [tap] what a button does; without it they are only to be read.
 */
export function richCard(card, tap) {
  const words = element(
    "div.words",
    {},
    card.title ? element("h3", {}, card.title) : null,
    card.description ? element("p", {}, prose(card.description)) : null,
  );
  const made = element(
    "article.card",
    {
      data: {
        orientation: card.orientation ?? "vertical",
        height: card.media_height ?? "medium",
        thumbnail: card.thumbnail_alignment ?? "left",
      },
    },
    card.media ? element("div.picture", {}, cardPicture(card.media)) : null,
    element("div.rest", {}, words, chips(card.suggestions, tap)),
  );
  return made;
}
