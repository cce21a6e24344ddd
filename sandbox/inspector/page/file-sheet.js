// Sending a file: one of the shipped samples, or one's own.

import { api } from "./api.js";
import { element } from "./dom.js";
import { field, form } from "./form.js";
import { icon } from "./icons.js";
import { sizeOf } from "./media-view.js";

const SORTS = ["image", "video", "audio"];

/**
 * Return the form.
 *
 * @param {object} provider who tells of it; not all know voice messages.
 * @param {(action: object) => Promise<void>} send
 */
export function fileForm(provider, send) {
  const samples = element("fieldset.samples", {}, element("legend", {}, "A sample"));
  const own = element("input", { type: "file", on: { change: () => settle(own) } });
  const caption = element("input", { autocomplete: "off" });
  const voice = element("input", { type: "checkbox" });
  const spoken = field("Spoken, as a voice message", voice, { path: "voice" });
  const chosen = () => samples.querySelector(":checked");
  const settle = (changed) => {
    if (changed === own) for (const each of samples.querySelectorAll(":checked")) each.checked = false;
    else own.value = "";
    const type = own.files[0]?.type ?? chosen()?.dataset.type ?? "";
    spoken.hidden = !provider.has_voice || !type.startsWith("audio/");
  };
  const sample = ({ name, mime_type: type, size }, index) => {
    const sort = type.split("/")[0];
    return element(
      "label",
      {},
      element("input", {
        type: "radio",
        name: "sample",
        value: name,
        checked: index === 0,
        data: { type },
        on: { change: () => settle(null) },
      }),
      icon(SORTS.includes(sort) ? sort : "document"),
      element("span", {}, name),
      element("small", {}, sizeOf(size)),
    );
  };
  settle(samples);
  api.samples().then((items) => samples.append(...items.map(sample)));
  const read = async () => {
    const [file] = own.files;
    const from = file
      ? { name: file.name, mime_type: file.type || undefined, content: await inBase64(file) }
      : { sample: chosen()?.value };
    return {
      type: "send_file",
      ...from,
      caption: caption.value || undefined,
      voice: (!spoken.hidden && voice.checked) || undefined,
    };
  };
  const fields = [
    samples,
    field("Or a file of your own", own, { path: "content", hint: "10 MiB at most" }),
    field("Caption", caption, { path: "caption" }),
    spoken,
  ];
  return form("Send", fields, async () => send(await read()));
}

/** Return the bytes of a file in base64. */
function inBase64(file) {
  return new Promise((found, lost) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => found(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => lost(new Error(`${file.name} cannot be read`)));
    reader.readAsDataURL(file);
  });
}
