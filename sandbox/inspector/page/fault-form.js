// The form that arms a fault: exactly the effects there are, with what the chosen provider has to choose from.

import { accountChoice, choice, field, form, offer, suggesting } from "./form.js";
import { api } from "./api.js";
import { EFFECTS } from "./fault-effects.js";
import { element, fill } from "./dom.js";
import { store } from "./store.js";

/** Return the form, for the account in focus at first. */
export function faultForm() {
  const account = accountChoice({ on: { change: draw } }, "All accounts, and those made later");
  const on = choice([["request", "a request to the provider"], ["callback", "a callback to the webhook"]], { on: { change: draw } });
  const effect = choice([], { on: { change: drawParameters } });
  const what = suggesting([]);
  const user = element("input", { placeholder: "everybody", autocomplete: "off" });
  const times = element("input", { type: "number", min: 1, step: 1, placeholder: "always" });
  const probability = element("input", { type: "number", min: 0, max: 1, step: "any", value: 1 });
  const parameters = element("div.parameters");
  const whatField = field("", what.input, { path: "match", hint: "empty for all; * stands for anything" });
  let inputs = new Map();
  account.removeAttribute("aria-label");
  const made = form(
    "Arm",
    [
      field("Account", account, { path: "account" }),
      field("On", on, { path: "on" }),
      field("Effect", effect, { path: "effect.type" }),
      parameters,
      whatField,
      what.list,
      field("Person", user, { path: "match.user", hint: "a number, or with * several" }),
      field("Times", times, { path: "times" }),
      field("Probability", probability, { path: "probability" }),
    ],
    arm,
  );
  draw();
  return made;

  function providers() {
    const provider = store.accounts.get(account.value)?.provider;
    return [...store.providers.values()].filter((each) => provider === undefined || each.name === provider);
  }

  function draw() {
    const isRequest = on.value === "request";
    offer(effect, Object.entries(EFFECTS[on.value]).map(([type, { says }]) => [type, `${type}: ${says}`]));
    whatField.querySelector("label").textContent = isRequest ? "Operation" : "Kind";
    const words = providers().flatMap((each) => (isRequest ? each.operations.map((operation) => operation.id) : each.callback_kinds));
    offer(what.list, [...new Set(words)]);
    drawParameters();
  }

  function drawParameters() {
    inputs = new Map();
    const fields = (EFFECTS[on.value][effect.value].parameters ?? []).map((parameter) => {
      const { input, list } = inputOf(parameter);
      inputs.set(parameter, input);
      return [field(parameter.label, input, { path: `effect.${parameter.name}` }), list];
    });
    fill(parameters, fields);
  }

  function inputOf({ kind, input }) {
    if (kind === "word") return suggesting([...new Set(providers().flatMap((each) => each.fault_codes))]);
    if (kind === "json") return { input: element("textarea", { rows: 2, placeholder: "the provider's own", spellcheck: "false" }) };
    return { input: element("input", { type: "number", ...input }) };
  }

  async function arm() {
    const given = Object.fromEntries(
      [...inputs].filter(([{ optional }, input]) => !(optional && input.value.trim() === "")).map(([parameter, input]) => [parameter.name, valueOf(parameter, input)]),
    );
    const name = on.value === "request" ? "operation" : "kind";
    await api.arm({
      account: account.value || undefined,
      on: on.value,
      match: { [name]: what.input.value.trim() || undefined, user: user.value.trim() || undefined },
      effect: { type: effect.value, ...given },
      times: numberOf(times) ?? null,
      probability: numberOf(probability) ?? 1,
    });
    return "Armed";
  }
}

function valueOf({ kind, label }, input) {
  if (kind === "word") return input.value.trim();
  if (kind === "number") return numberOf(input) ?? null; // null is refused, with a word about it
  try {
    return JSON.parse(input.value);
  } catch {
    throw new Error(`${label} is no JSON; a text stands in double quotes`);
  }
}

function numberOf(input) {
  return input.value.trim() === "" ? undefined : Number(input.value);
}
