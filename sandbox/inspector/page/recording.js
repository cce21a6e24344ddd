// A conversation written down as a scenario, to be copied or kept.

import { choice, offer } from "./form.js";
import { api } from "./api.js";
import { copyButton } from "./copy.js";
import { element, fill } from "./dom.js";
import { Part, store } from "./store.js";

class ConversationRecording extends Part {
  static hears = ["conversations"];
  #asked = 0;

  begin() {
    this.conversation = choice([], { "aria-label": "Conversation", on: { change: () => this.#read() } });
    this.none = element("p", {}, "Nothing was said yet.");
    this.problem = element("p.problem", { role: "alert" });
    this.yaml = element("pre.yaml", { tabindex: "0", "aria-label": "The scenario as YAML" });
    this.download = element("button", { type: "button", on: { click: () => this.#download() } }, "Download");
    this.deeds = element(
      "p.deeds",
      { hidden: true },
      copyButton("Copy YAML", () => this.yaml.textContent),
      this.download,
      element("button", { type: "button", on: { click: () => this.#read() } }, "Record again"),
    );
    this.append(this.conversation, this.none, this.problem, this.deeds, this.yaml);
    this.draw();
    if (store.selected !== null) this.conversation.value = store.selected;
    this.#read();
  }

  draw() {
    const known = [...store.conversations.values()].map((each) => [each.key, `${each.user} with ${each.sender} (${each.account})`]);
    const before = this.conversation.value;
    offer(this.conversation, known);
    this.none.hidden = known.length > 0;
    this.conversation.hidden = known.length === 0;
    if (before === "" && known.length) this.#read();
  }

  async #read() {
    const asked = ++this.#asked;
    const conversation = store.conversations.get(this.conversation.value);
    if (!conversation) return;
    const { account, user, sender } = conversation;
    let recorded = { name: "", yaml: "" };
    fill(this.problem);
    try {
      recorded = await api.record({ account, user, sender });
    } catch (problem) {
      if (asked === this.#asked) this.problem.textContent = problem.message;
    }
    if (asked !== this.#asked) return; // another was chosen meanwhile
    this.name = recorded.name;
    this.yaml.textContent = recorded.yaml;
    this.deeds.hidden = recorded.yaml === "";
  }

  #download() {
    const url = URL.createObjectURL(new Blob([this.yaml.textContent], { type: "application/yaml" }));
    element("a", { href: url, download: `${this.name}.yaml` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000); // when the browser has begun to read it
  }
}

customElements.define("conversation-recording", ConversationRecording);
