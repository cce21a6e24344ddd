// Files in a message: what the sandbox itself has is shown; what lies elsewhere is named, and fetched by nobody.

import { drawing, element, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { outward, prose } from "./prose.js";

const OURS = /^\/_sandbox\/media\/[\w-]+\/[0-9a-f]+$/;
const PICTURES = ["image", "video"];
const UNITS = ["bytes", "kB", "MB"];

/** Return the picture of a card: the business need not say what sort of file it is. */
export function cardPicture(file) {
  return fileView(file.media === "unknown" ? { ...file, media: "image" } : file);
}

/** Return a file with its caption. */
export function mediaView({ file, caption }, source) {
  return [fileView(file, source), caption ? element("p.words", {}, prose(caption)) : null];
}

/**
 * Return a file.
 *
 * @param {object} file as the API tells it.
 * @param {string|null} [source] where the sandbox has it, if it has no link of ours.
 */
export function fileView(file, source = null) {
  const here = ours(file.url) ?? source;
  const name = nameOf(file);
  switch (here && file.media) {
    case "image":
      return pictured(file, here, name);
    case "video":
      return element("video.shown", { src: here, controls: true, preload: "metadata", "aria-label": name });
    case "audio":
    case "voice":
      return element(
        "div.sound",
        {},
        icon("audio"),
        element("audio", { src: here, controls: true, preload: "metadata", "aria-label": name }),
      );
    default:
  }
  if (!here && PICTURES.includes(file.media)) return remote(file, name);
  return tile(file, here, name);
}

function pictured(file, here, name) {
  const image = element("img.shown", { src: here, alt: file.description ?? name, decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(tile(file, here, name)));
  return image;
}

/** A picture that nobody fetched: a view of its own, always the same for the same name, and where it would be from. */
function remote(file, name) {
  const url = safeUrl(file.url ?? "");
  const thumbnail = ours(file.thumbnail_url);
  const from = url ? element("small", {}, "from ", outward(url, new URL(url).host)) : null;
  return element(
    "figure.remote",
    {},
    thumbnail ? element("img.shown", { src: thumbnail, alt: "" }) : view(file.url ?? file.id ?? name),
    file.media === "video" ? element("span.plays", {}, icon("play")) : null,
    element("figcaption", {}, element("span", {}, file.description ?? name), from),
  );
}

/** Hills under a sun, in a colour that a text stands for. */
function view(text) {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) % 3600;
  const rise = 40 + (sum % 30);
  const made = drawing(
    "svg.scene",
    160,
    90,
    ["rect", { class: "sky", width: 160, height: 90 }],
    ["circle", { class: "sun", cx: 30 + (sum % 100), cy: 22 + (sum % 13), r: 9 }],
    ["path", { class: "far", d: `M0 66 C 30 ${rise} 60 ${rise} 90 62 S 140 44 160 56 V90 H0 Z` }],
    ["path", { class: "near", d: `M0 76 C 40 62 80 88 120 72 S 150 70 160 74 V90 H0 Z` }],
  );
  made.setAttribute("preserveAspectRatio", "xMidYMid slice");
  made.style.setProperty("--hue", sum % 360);
  return made;
}

function tile(file, here, name) {
  const url = safeUrl(file.url ?? "");
  const kind = ["image", "video", "audio"].includes(file.media)
    ? file.media
    : file.media === "voice"
      ? "audio"
      : "document";
  const facts = [file.mime_type, sizeOf(file.size), !here && url ? new URL(url).host : null]
    .filter(Boolean)
    .join(" · ");
  const title = here
    ? element("a", { href: here, download: name }, name)
    : url
      ? outward(url, name)
      : element("span", {}, name);
  return element(
    "div.file",
    {},
    element("span.sort", {}, icon(kind)),
    element("div", {}, title, element("small", {}, facts)),
  );
}

function nameOf(file) {
  const path = safeUrl(file.url ?? "") ? new URL(file.url).pathname : "";
  return file.name || file.description || path.slice(path.lastIndexOf("/") + 1) || file.id || file.url || file.media;
}

/** Return the path of a file that this server has, by its link; null for any other link. */
function ours(url) {
  const whole = safeUrl(url ?? "");
  const path = whole ? new URL(whole).pathname : "";
  return OURS.test(path) ? path : null;
}

/** Return a size as people read it. */
export function sizeOf(bytes) {
  if (bytes === undefined || bytes === null) return null;
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1000 ** power).toFixed(power && 1))} ${UNITS[power]}`;
}
