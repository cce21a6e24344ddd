// Requests and callbacks as commands for a POSIX shell: what was sent, sent once more by curl.

// curl makes these itself, or they are about the connection that was.
const OWN = new Set(["host", "content-length", "connection", "transfer-encoding", "accept-encoding", "keep-alive", "expect"]);
const LONGEST = 100_000; // bytes of an argument; Linux allows 128 KiB, and a shell's own printf any number

/**
 * @typedef {object} Command
 * @property {string} text for the shell.
 * @property {string[]} notes what somebody must know who runs it.
 */

/** Return a word that a POSIX shell takes as it is. NUL, which no argument can hold, is left out. */
export function quoted(text) {
  const word = text.replaceAll("\0", "");
  return /^[A-Za-z0-9_\/:=.,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * Return a request to a provider's API as a command.
 *
 * @param {object} request as the control API tells it.
 * @param {string} origin of the sandbox.
 * @returns {Command}
 */
export function curlOfRequest(request, origin) {
  const pairs = Object.entries(request.query).flatMap(([name, value]) => [value].flat().map((each) => [name, each]));
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  const url = origin + request.path + (query ? `?${query}` : "");
  const words = command(request.method, url, Object.entries(request.headers));
  const body = textOf(request.body);
  return finished(words, body, request.headers);
}

/**
 * Return a callback as a command; null if it is for nobody.
 *
 * @param {object} callback as the control API tells it.
 * @returns {Command|null}
 */
export function curlOfCallback(callback) {
  if (callback.url === null) return null;
  const headers = Object.entries(callback.headers);
  if (callback.parts === null) {
    return finished(command(callback.method, callback.url, headers), callback.body ?? "", callback.headers);
  }
  // curl chooses the boundary, and tells it in a Content-Type of its own.
  const words = command(callback.method, callback.url, headers.filter(([name]) => name !== "content-type"));
  for (const part of callback.parts) words.push(`--form ${quoted(formOf(part))}`);
  const files = callback.parts.filter((part) => part.text === null).map((part) => part.filename ?? part.name);
  const notes = files.length ? [`put ${files.join(", ")} into the folder first`] : [];
  return { text: joined(words), notes: [...notes, ...notesOn(words.join(" "))] };
}

/** Return a body as text: what is no text was read as JSON. */
export function textOf(body) {
  if (body === null || body === undefined) return "";
  return typeof body === "string" ? body : JSON.stringify(body);
}

function command(method, url, headers) {
  const words = ["curl --globoff --path-as-is"];
  if (method === "HEAD") words[0] += " --head";
  else words[0] += ` --request ${quoted(method)}`;
  words.push(`--url ${quoted(url)}`);
  for (const [name, value] of headers) {
    // A header without value is written with a semicolon: with a colon curl takes it for one to leave out.
    if (!OWN.has(name)) words.push(`--header ${quoted(value === "" ? `${name};` : `${name}: ${value}`)}`);
  }
  return words;
}

function finished(words, body, headers) {
  const notes = notesOn(words.join(" "), body);
  if (body === "") return { text: joined(words), notes };
  if (!("content-type" in headers)) words.push("--header 'Content-Type:'"); // else curl calls it a form
  if (new TextEncoder().encode(body).length <= LONGEST) return { text: joined([...words, `--data-raw ${quoted(body)}`]), notes };
  return { text: `printf %s ${quoted(body)} |\n  ${joined([...words, "--data-binary @-"])}`, notes };
}

function notesOn(...texts) {
  return texts.some((text) => text.includes("…")) ? ["secrets are shortened here, as the journal shows them: put in your own"] : [];
}

function joined(words) {
  return words.join(" \\\n  ");
}

function formOf({ name, content_type, filename, text }) {
  const content = text === null ? `@${inForm(filename ?? name)}` : inForm(text);
  const called = text !== null && filename !== null ? `;filename=${inForm(filename)}` : "";
  return `${name}=${content};type=${content_type}${called}`;
}

/** Return a value that curl takes whole: in it a semicolon would begin something else. */
function inForm(text) {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
