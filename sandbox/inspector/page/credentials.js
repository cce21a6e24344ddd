// What a client of an account needs to know, each thing to be copied.

import { accountChoice } from "./form.js";
import { api } from "./api.js";
import { copyButton } from "./copy.js";
import { element, fill } from "./dom.js";
import { Part, store } from "./store.js";

class AccountCredentials extends Part {
  static hears = ["accounts"];

  begin() {
    this.account = accountChoice({ on: { change: () => this.draw() } });
    this.list = element("dl.facts");
    this.append(this.account, this.list);
  }

  draw() {
    const account = store.accounts.get(this.account.value);
    const said = JSON.stringify(account);
    if (said === this.said) return; // what was copied just now says so
    this.said = said;
    if (!account) {
      fill(this.list, element("dt", {}, "There is no account"));
      return;
    }
    const headers = () => api.authorization(account.id);
    fill(
      this.list,
      fact("base URL", location.origin),
      [...leaves(account.credentials)].map(([name, value]) => fact(name, value)),
      element("dt", {}, "authorization"),
      element(
        "dd",
        {},
        element("span", {}, "the headers that a client sends, a token in them made anew"),
        copyButton("Copy headers", async () => lines(await headers()), { "aria-label": "Copy authorization headers" }),
        copyButton("For curl", async () => forCurl(await headers()), { "aria-label": "Copy authorization for curl" }),
      ),
    );
  }
}

/** Yield every text in credentials with the names that lead to it. */
function* leaves(value, name = "") {
  if (value === null) return;
  if (typeof value !== "object") {
    yield [name, String(value)];
    return;
  }
  for (const [key, each] of Object.entries(value)) yield* leaves(each, Array.isArray(value) ? `${name}[${key}]` : name ? `${name}.${key}` : key);
}

function fact(name, value) {
  const shown = value.includes("\n") ? element("pre", { tabindex: "0", "aria-label": name }, value) : element("code", {}, value);
  return [element("dt", {}, name), element("dd", {}, shown, copyButton("Copy", () => value, { "aria-label": `Copy ${name}` }))];
}

function lines(headers) {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join("\n");
}

function forCurl(headers) {
  return Object.entries(headers).map(([name, value]) => `-H '${`${name}: ${value}`.replaceAll("'", `'\\''`)}'`).join(" ");
}

customElements.define("account-credentials", AccountCredentials);
