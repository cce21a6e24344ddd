// The control token: asked for when the sandbox wants one, and kept where the page can send it with every call.

import { field, form } from "./form.js";
import { api } from "./api.js";
import { element } from "./dom.js";
import { openDialog } from "./dialog.js";
import { store } from "./store.js";

const COOKIE = "sandbox_token"; // what the guard of the control API reads

let asking = false;

store.addEventListener("connection", () => {
  if (store.connection !== "refused" || asking) return;
  asking = true;
  const token = element("input", { type: "password", autocomplete: "current-password" });
  const words = element("p", {}, "This sandbox was started with a control token. It is kept in this browser until you close it.");
  const made = form("Use it", [words, field("Control token", token, { path: "token" })], async () => {
    keep(token.value);
    try {
      await api.accounts();
    } catch (problem) {
      if (problem.status === 401) throw Object.assign(new Error("refused"), { errors: [{ path: "token", message: "the sandbox does not take this one" }] });
      throw problem;
    }
    location.reload(); // everything, and the events, from the beginning
  });
  openDialog("Control token", made, { insists: true, narrow: true });
  token.focus();
});

function keep(token) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${encodeURIComponent(token)}; Path=/; SameSite=Strict${secure}`;
}
