// Forms: fields with their labels, and what the sandbox says where a value does not fit.

import { element, fill } from "./dom.js";
import { store } from "./store.js";

let number = 0;

/**
 * Return a labelled field.
 *
 * @param {string} label what it is called.
 * @param {HTMLElement} input the input, select or textarea.
 * @param {{hint?: string, path?: string}} [more] `path` is what the sandbox calls the value, for its complaints.
 */
export function field(label, input, { hint, path } = {}) {
  input.id ||= `field-${++number}`;
  const below = element("span.hint", { id: `${input.id}-hint` }, hint);
  const complaint = element("span.complaint", { id: `${input.id}-complaint` });
  input.setAttribute("aria-describedby", `${below.id} ${complaint.id}`);
  return element("div.field", { data: { path: path ?? "" } }, element("label", { htmlFor: input.id }, label), input, below, complaint);
}

/**
 * Return a form. Its button does the deed; what the sandbox refuses is told beside the field, or above the button.
 *
 * @param {string} title what is on the button.
 * @param {Node[]} fields
 * @param {() => Promise<string|void>} deed returns what is said when it is done.
 */
export function form(title, fields, deed) {
  const answer = element("p.answer", { role: "status" });
  const problem = element("p.problem", { role: "alert" });
  const button = element("button.primary", { type: "submit" }, title);
  const submit = async (event) => {
    event.preventDefault();
    if (made.ariaBusy === "true") return;
    made.ariaBusy = "true"; // not disabled: the button keeps the focus
    complain(made, []);
    fill(problem);
    fill(answer);
    try {
      answer.textContent = (await deed()) ?? "Done";
    } catch (refused) {
      const left = complain(made, refused.errors ?? []);
      const told = (refused.errors ?? []).length ? left.map(({ path, message }) => (path ? `${path}: ${message}` : message)) : [refused.message];
      problem.textContent = told.join("; ");
    } finally {
      made.ariaBusy = "false";
    }
  };
  const made = element("form", { novalidate: true, on: { submit } }, fields, problem, element("p.deeds", {}, button, answer));
  return made;
}

/** Show each complaint beside its field and return those that no field of the form is for. */
function complain(within, errors) {
  const left = [...errors];
  for (const each of within.querySelectorAll(".field")) {
    const { path } = each.dataset;
    const own = path ? left.filter((error) => error.path === path || error.path.startsWith(`${path}.`)) : [];
    for (const error of own) left.splice(left.indexOf(error), 1);
    each.querySelector(".complaint").textContent = own.map((error) => error.message).join("; ");
    each.querySelector("input, select, textarea").setAttribute("aria-invalid", own.length > 0);
  }
  return left;
}

/** Return a choice among options, each a word or a pair of value and label. */
export function choice(options, { value, ...members } = {}) {
  const made = element("select", members);
  offer(made, options);
  if (value !== undefined && value !== null) made.value = value;
  return made;
}

const offered = new WeakMap(); // what a choice has, so that one that somebody has open is left alone

/** Put options into a choice, and keep what was chosen if it is still there. */
export function offer(select, options) {
  const said = JSON.stringify(options);
  if (offered.get(select) === said) return;
  offered.set(select, said);
  const before = select.value;
  const pairs = options.map((option) => (Array.isArray(option) ? option : [option, option]));
  fill(select, pairs.map(([value, label]) => element("option", { value }, label)));
  if (pairs.some(([value]) => value === before)) select.value = before;
}

/** Return an input that offers words and takes any other too. */
export function suggesting(words, members = {}) {
  const list = element("datalist", { id: `words-${++number}` });
  offer(list, words);
  const input = element("input", { autocomplete: "off", ...members, list: list.id });
  return { input, list };
}

/** Return a choice of an account, the one in focus first; `all` is what stands for all of them, if they may be meant. */
export function accountChoice(members = {}, all = null) {
  const options = [...store.accounts.values()].map((account) => [account.id, nameOf(account)]);
  return choice(all === null ? options : [["", all], ...options], { value: store.focus ?? undefined, "aria-label": "Account", ...members });
}

/** Return what people call an account. */
export function nameOf(account) {
  return account.name === account.id ? account.id : `${account.name} (${account.id})`;
}
