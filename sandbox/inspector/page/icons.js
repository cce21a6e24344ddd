// Icons of the handset and the list: lines in a square of 24 units, in the colour of the text beside them.

import { drawing } from "./dom.js";

const LINES = {
  add: "M12 5v14M5 12h14",
  agent: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.6-6 8-6s8 2 8 6",
  alert: "M12 4 2.5 20h19zM12 10v4M12 17v.5",
  audio: "M4 10v4M8 7v10M12 4v16M16 8v8M20 10v4",
  back: "M15 5l-7 7 7 7",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  call: "M6 3h3l2 5-2.5 1.8a12 12 0 0 0 5.7 5.7L16 13l5 2v3c0 1.7-1.3 3-3 3C10.3 21 3 13.7 3 6c0-1.7 1.3-3 3-3z",
  click: "M8 3v3M3 8h3M4.5 4.5l2 2M10 10l10 4-4.5 1.5L14 20z",
  close: "M6 6l12 12M18 6 6 18",
  delivered: "M2 13l4 4 9-10M11 16l1 1 9-10",
  document: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  down: "M6 10l6 6 6-6",
  end: "M5 5h9v14H5M11 12h10M18 9l3 3-3 3",
  expired: "M7 3h10M7 21h10M8 3c0 5 8 8 8 18M16 3c0 5-8 8-8 18",
  fault: "M13 3 5 14h6l-1 7 9-12h-6z",
  forward: "M9 5l7 7-7 7",
  frozen: "M12 3v18M4.2 7.5l15.6 9M4.2 16.5l15.6-9",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5v.1",
  link: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  list: "M8 6h12M8 12h12M8 18h12M4 6v.1M4 12v.1M4 18v.1",
  location: "M12 21c-4-5-6-8-6-11a6 6 0 0 1 12 0c0 3-2 6-6 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  more: "M5 12v.1M12 12v.1M19 12v.1",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5",
  pause: "M8 5v14M16 5v14",
  pending: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  play: "M7 4v16l13-8z",
  reply: "M10 6 4 12l6 6M4 12h9c4 0 7 2 7 6",
  send: "M4 12 3 4l18 8-18 8zM4 12h8",
  sent: "M4 13l5 5L20 6",
  share: "M12 3v12M8 7l4-4 4 4M5 12v9h14v-9",
  spark: "M12 3l2 7 7 2-7 2-2 7-2-7-7-2 7-2z",
  typing: "M4 5h16v11h-9l-5 4v-4H4zM8 10.5v.1M12 10.5v.1M16 10.5v.1",
  video: "M3 6h12v12H3zM15 10l6-3v10l-6-3",
};

const ACTIONS = {
  call: "call",
  open_url: "link",
  show_location: "location",
  request_location: "share",
  create_calendar_event: "calendar",
  other: "spark",
};

/** Return an icon by its name. */
export function icon(name) {
  return drawing("svg.icon", 24, 24, ["path", { d: LINES[name] }]);
}

/** Return the icon of what a suggestion does besides answering; null if it does nothing else. */
export function actionIcon(action) {
  return action ? icon(ACTIONS[action.kind] ?? "spark") : null;
}
