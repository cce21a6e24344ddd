// What a person does besides writing and tapping: a name, an icon, and what each wants to know, as the API calls it.

import { element } from "./dom.js";
import { choice, field, suggesting } from "./form.js";
import { addressesIn } from "./prose.js";
import { store } from "./store.js";

const HOME = { latitude: 59.90765, longitude: 10.746597 };

/** Return a field for a value of an action: its node, and how to read it; what is left empty is not told. */
function value(path, label, input, { hint, list } = {}) {
  const read = () => {
    const text = input.value;
    if (text === "") return [];
    return [[path, input.type === "number" ? Number(text) : text]];
  };
  return { node: [field(label, input, { hint, path }), list ?? null], read };
}

const text = (path, label, more = {}) => value(path, label, element("input", { autocomplete: "off", ...more }));
const long = (path, label) => value(path, label, element("textarea", { rows: 3 }));
const one = (path, label, options) => value(path, label, choice(options));
const number = (path, label, given) =>
  value(path, label, element("input", { type: "number", step: "any", value: given }));

/** A value of one of the kinds that a member can have, such as `{reply: text}` or `{close: true}`. */
function agentDeed() {
  const deed = choice([
    ["reply", "Reply"],
    ["assign", "Be assigned"],
    ["resolve", "Resolve"],
    ["close", "Close"],
  ]);
  const words = element("textarea", { rows: 2 });
  const told = field("Text, or name of who is assigned", words, { path: "reply" });
  const settle = () => {
    told.hidden = !["reply", "assign"].includes(deed.value);
    told.dataset.path = deed.value;
  };
  deed.addEventListener("change", settle);
  settle();
  const read = () => [[deed.value, told.hidden ? true : words.value || undefined]];
  return { node: [field("What the agent does", deed), told], read };
}

function anyOf(path, label, words, { hint, ...members }) {
  const { input, list } = suggesting(words, members);
  return value(path, label, input, { hint, list });
}

/** By type of action: `title`, `icon`, and, where there is something to ask, `fields` and the `verb` on the button. */
export const DEEDS = {
  share_location: {
    title: "Location",
    verb: "Share",
    icon: "location",
    fields: () => [
      number("latitude", "Latitude", HOME.latitude),
      number("longitude", "Longitude", HOME.longitude),
      text("name", "Name"),
      text("address", "Address"),
      text("url", "URL", { type: "url" }),
    ],
  },
  start_typing: { title: "Typing", icon: "typing" },
  start: { title: "Do its magic", icon: "spark" },
  error: {
    title: "Report an error",
    verb: "Report",
    icon: "alert",
    fields: ({ provider }) => [one("code", "Code", provider.error_codes)],
  },
  event: {
    title: "Event",
    verb: "Report",
    icon: "calendar",
    fields: ({ provider }) => [one("event_code", "Event", provider.event_codes)],
  },
  action: {
    title: "Platform action",
    verb: "Report",
    icon: "fault",
    fields: () => [text("action_code", "Action code", { required: true })],
  },
  system: { title: "System note", verb: "Note", icon: "note", fields: () => [long("text", "Text")] },
  agent: { title: "Human agent", verb: "Do it", icon: "agent", fields: () => [agentDeed()] },
  end_session: { title: "End the session", icon: "end" },
  fail: {
    title: "Fail the delivery",
    verb: "Fail",
    icon: "alert",
    fields: ({ provider }) => [
      anyOf("code", "Code", provider.error_codes, { hint: "The provider's own; left empty, the usual one" }),
      text("detail", "Detail"),
    ],
  },
  receipt: {
    title: "Send a receipt",
    verb: "Send",
    icon: "delivered",
    fields: ({ provider }) => [
      one("status", "Status, in the provider's words", provider.receipts),
      text("code", "Code"),
      text("detail", "Detail"),
    ],
  },
  click: {
    title: "Click a link",
    verb: "Click",
    icon: "click",
    fields: ({ message }) => [
      anyOf("url", "Link", addressesIn(message.text), {
        type: "url",
        hint: "Left empty: the first whose clicks are tracked",
      }),
    ],
  },
};

/** The form of a suggestion that nobody was shown, for people who tap such. */
export const UNSHOWN = {
  title: "Tap a suggestion",
  verb: "Tap",
  icon: "reply",
  fields: ({ provider }) => [
    one("suggestion.type", "Type", provider.suggestion_types),
    text("suggestion.text", "Text"),
    text("suggestion.postback", "Postback"),
  ],
};

/** The form of a suggestion that asks where one is: a place is shared with the tap, or none. */
export const WHERE = {
  title: "Tap",
  verb: "Tap",
  icon: "share",
  fields: () => {
    const degrees = [
      number("location.latitude", "Latitude", HOME.latitude),
      number("location.longitude", "Longitude", HOME.longitude),
    ];
    const shares = choice([
      ["yes", "Share this place"],
      ["no", "Tap, and share nothing"],
    ]);
    const place = element(
      "div.degrees",
      {},
      degrees.map(({ node }) => node),
    );
    shares.addEventListener("change", () => (place.hidden = shares.value === "no"));
    const read = () => (shares.value === "no" ? [["location", false]] : degrees.flatMap((each) => each.read()));
    return [{ node: [field("Where you are", shares, { path: "location" }), place], read }];
  },
};

/** Return an action of what was entered: `a.b` stands inside of `a`. */
export function actionOf(type, fields) {
  const action = { type };
  for (const [path, entered] of fields.flatMap(({ read }) => read())) {
    const names = path.split(".");
    const last = names.pop();
    let place = action;
    for (const name of names) place = place[name] ??= {};
    place[last] = entered;
  }
  return action;
}

/** Return what a form is made from. */
export function about(conversation, message) {
  return { conversation, message, provider: store.providers.get(conversation.provider) };
}
