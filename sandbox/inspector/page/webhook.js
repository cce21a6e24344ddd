// Where an account's callbacks go, to be changed.

import { accountChoice, field, form } from "./form.js";
import { api } from "./api.js";
import { element } from "./dom.js";
import { Part, store } from "./store.js";

const TIMEOUT = 10; // seconds, what the sandbox takes where none is given

class AccountWebhook extends Part {
  begin() {
    this.account = accountChoice({ on: { change: () => this.#show() } });
    this.url = element("input", { type: "url", placeholder: "http://127.0.0.1:3000/webhook", autocomplete: "off" });
    this.headers = element("textarea", { rows: 3, placeholder: "Authorization: Bearer …", spellcheck: "false" });
    this.timeout = element("input", { type: "number", min: 0.1, max: 120, step: "any" });
    const fields = [
      field("URL", this.url, { path: "webhook.url", hint: "left empty, callbacks are recorded and go nowhere" }),
      field("Headers", this.headers, { path: "webhook.headers", hint: "one a line, name: value" }),
      field("Timeout", this.timeout, { path: "webhook.timeout", hint: "seconds that an attempt may take" }),
    ];
    this.form = form("Save", fields, () => this.#save());
    this.append(this.account, this.form);
    this.#show();
  }

  /** Fill the fields; what somebody types is not overwritten when the account changes otherwise. */
  #show() {
    const webhook = store.accounts.get(this.account.value)?.webhook;
    this.url.value = webhook?.url ?? "";
    this.headers.value = Object.entries(webhook?.headers ?? {}).map(([name, value]) => `${name}: ${value}`).join("\n");
    this.timeout.value = webhook?.timeout ?? TIMEOUT;
  }

  async #save() {
    const id = this.account.value;
    const url = this.url.value.trim();
    if (!url) {
      await api.changeAccount(id, { webhook: null });
      return "Callbacks are only recorded now";
    }
    const headers = Object.fromEntries(
      this.headers.value.split("\n").filter((line) => line.trim()).map((line) => {
        const colon = line.indexOf(":");
        return colon < 0 ? [line.trim(), ""] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
      }),
    );
    await api.changeAccount(id, { webhook: { url, headers, timeout: this.timeout.value === "" ? TIMEOUT : Number(this.timeout.value) } });
    return "Saved";
  }
}

customElements.define("account-webhook", AccountWebhook);
