// Elements from data. Text only ever becomes text nodes: nothing that a person wrote is read as HTML.

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

export function when(iso) {
  return el("time", { datetime: iso, title: new Date(iso).toLocaleString() }, ago(iso));
}

// Times grow old while they stand there.
export function age(element) {
  for (const time of element.querySelectorAll("time")) time.textContent = ago(time.dateTime);
}

function ago(iso) {
  const moment = new Date(iso);
  const minutes = Math.round((Date.now() - moment) / 60000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  return minutes < 1440 ? moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : moment.toLocaleDateString();
}

export function lasting(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
