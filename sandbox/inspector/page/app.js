// The page: its parts side by side, and which of them is seen on a narrow screen.

import { element } from "./dom.js";
import { store } from "./store.js";
import "./conversations.js";
import "./handset.js";
import "./wire.js";
import "./bar.js";
import "./demo.js";

const PANES = [
  ["conversations", "Conversations", "conversation-list"],
  ["handset", "Handset", "person-handset"],
  ["wire", "Wire", "wire-view"],
];

class InspectorApp extends HTMLElement {
  connectedCallback() {
    this.dataset.pane = "handset";
    const tabs = PANES.map(([name, title]) =>
      element("button.tab", { type: "button", data: { shows: name }, on: { click: () => this.show(name) } }, title),
    );
    const panes = PANES.map(([name, title, tag]) =>
      element("section.pane", { id: name, "aria-label": title, tabindex: -1, data: { name } }, element(tag)),
    );
    this.append(
      element("a.skip", { href: "#handset", on: { click: () => this.show("handset") } }, "Skip to the handset"),
      element("header", {}, element("h1.unseen", {}, "messaging-sandbox"), element("sandbox-bar")),
      element("nav.tabs", { "aria-label": "Parts" }, tabs),
      element("main.panes", {}, panes),
    );
    store.addEventListener("selection", () => this.show("handset"));
    this.show("conversations");
  }

  /** Bring a part to the front, where there is room for one alone. */
  show(name) {
    this.dataset.pane = name;
    for (const tab of this.querySelectorAll(".tab")) tab.setAttribute("aria-pressed", tab.dataset.shows === name);
  }
}

customElements.define("inspector-app", InspectorApp);

const play = new URLSearchParams(location.search).get("play");
const tellConnection = () => (document.documentElement.dataset.connection = store.connection);
store.addEventListener("connection", tellConnection);
document.body.append(play === null ? element("inspector-app") : element("demo-phone", { scenario: play }));
store.begin();
