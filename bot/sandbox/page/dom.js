// Elements from data, and sentences from the page's words. Text only ever becomes text nodes: nothing that a person wrote is read as HTML.
import table from "/sandbox/words.js";

const AT_ONCE = 6;
let pictures = 0;

export const say = table.say;
export const byId = (id) => document.getElementById(id);

export function t(key, values = {}) {
  return table[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// What a reader sees of a post's HTML. The parser's document runs nothing and loads nothing.
export function words(html) {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  for (const hidden of body.querySelectorAll("script, style, .invisible")) hidden.remove();
  for (const line of body.querySelectorAll("br")) line.replaceWith("\n");
  return [...body.querySelectorAll("p")].map((p) => p.textContent).join("\n\n") || body.textContent;
}

// The same without the people it is addressed to.
export function message(html) {
  return words(html).replace(/^(?:@[\w.@-]+\s*)+/, "");
}

// A picture that takes its room before it is loaded: the style sheet reads its width and its ratio.
export function picture(media, attributes = {}) {
  const { width = 640, height = 480 } = media.meta?.original || {};
  const loading = (pictures += 1) > AT_ONCE ? "lazy" : "eager";
  const image = el("img", { src: media.preview_url || media.url, alt: media.description || "", width, height, loading, ...attributes });
  room(image, width, height);
  return image;
}

export function room(element, width, height) {
  element.style.setProperty("--w", `${width}px`);
  element.style.setProperty("--ratio", width / height);
}

export function when(iso) {
  return el("time", { datetime: iso, title: new Date(iso).toLocaleString(document.documentElement.lang) }, ago(iso));
}

// Times grow old while they stand there.
export function age(element) {
  for (const time of element.querySelectorAll("time")) time.textContent = ago(time.dateTime);
}

function ago(iso) {
  const moment = new Date(iso);
  const minutes = Math.round((Date.now() - moment) / 60000);
  if (minutes < 1) return t("now");
  if (minutes < 60) return t("minutes", { n: minutes });
  const language = document.documentElement.lang;
  if (minutes < 1440) return moment.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  return moment.toLocaleDateString(language);
}

export function lasting(seconds) {
  return seconds < 90 ? t("seconds", { n: Math.ceil(seconds) }) : t("minutes", { n: Math.round(seconds / 60) });
}
