// Places: a map that is only an allusion to one, since none is fetched, with the coordinates that count.

import { drawing, element } from "./dom.js";
import { outward } from "./prose.js";

/** Return a place. */
export function locationView({ latitude, longitude, name, address, url }) {
  const degrees = `${latitude}, ${longitude}`;
  return element(
    "div.place",
    {},
    map(latitude, longitude),
    element(
      "div.words",
      {},
      element("strong", {}, name || "Location"),
      address ? element("span", {}, address) : null,
      element("small", {}, degrees),
      url ? element("small", {}, outward(url, url)) : null,
    ),
  );
}

function map(latitude, longitude) {
  const across = 20 + (Math.abs(Math.round(longitude * 1000)) % 60);
  const down = 15 + (Math.abs(Math.round(latitude * 1000)) % 40);
  const made = drawing(
    "svg.map",
    160,
    80,
    ["rect", { class: "land", width: 160, height: 80 }],
    ["path", { class: "water", d: `M0 ${down + 20} C 40 ${down} 70 ${down + 40} 160 ${down + 10} V80 H0 Z` }],
    [
      "path",
      {
        class: "road",
        d: `M-5 ${down} L165 ${down + 18} M${across} -5 L${across + 24} 85 M${across + 60} -5 L${across + 42} 85`,
      },
    ],
    ["path", { class: "pin", d: "M80 54c-8-10-12-16-12-22a12 12 0 0 1 24 0c0 6-4 12-12 22z" }],
    ["circle", { class: "eye", cx: 80, cy: 32, r: 4.5 }],
  );
  made.setAttribute("preserveAspectRatio", "xMidYMid slice");
  return made;
}
