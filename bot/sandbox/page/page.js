// The page: who you are, the timeline kept up to date, the gallery.
import { open, threads } from "/sandbox/api.js";
import { Compose } from "/sandbox/compose.js";
import { el, when } from "/sandbox/dom.js";
import { compare } from "/sandbox/slider.js";
import { Thread, photosOf } from "/sandbox/thread.js";

const BUSY_MS = 1000;
const QUIET_MS = 3000;
const byId = (id) => document.getElementById(id);
const shown = new Map();
let session;
let timer;
let first = true;

async function refresh() {
  clearTimeout(timer);
  let busy = false;
  try {
    const found = await threads();
    busy = found.some((thread) => thread.posts.some((entry) => entry.open));
    draw(found);
    gallery(found);
  } catch (error) {
    console.warn(error);
  }
  first = false;
  timer = setTimeout(refresh, busy ? BUSY_MS : QUIET_MS);
}

function draw(found) {
  const ids = new Set(found.map((thread) => thread.id));
  for (const [id, thread] of shown) {
    if (!ids.has(id)) { thread.element.remove(); shown.delete(id); }
  }
  for (const thread of [...found].reverse()) {
    if (!shown.has(thread.id)) {
      shown.set(thread.id, new Thread(session, refresh, announce));
      byId("threads").prepend(shown.get(thread.id).element);
    }
    shown.get(thread.id).update(thread);
  }
  byId("empty").hidden = found.length > 0;
}

function announce(text) {
  if (!first) byId("announcer").textContent = text;
}

let galleryDrawn = "";

function gallery(found) {
  const works = found.flatMap((thread) => thread.posts.filter((entry) => entry.by_bot).flatMap((entry) => {
    const given = photosOf(entry.status, thread);
    const made = entry.status.media_attachments;
    return made.map((painting, index) => ({
      painting, photo: given[index], style: given.length > made.length ? given.at(-1) : null, at: entry.status.created_at,
    }));
  }));
  works.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  const now = works.map((work) => work.painting.id).join();
  byId("no-works").hidden = works.length > 0;
  if (now === galleryDrawn) return;
  galleryDrawn = now;
  byId("works").replaceChildren(...works.map(work));
}

function work(one) {
  const small = (media, alt) => (media?.url ? el("img", { src: media.url, alt, loading: "lazy" }) : null);
  const parts = el("span", { class: "parts" }, small(one.photo, "the photo"), one.style ? "+" : null,
    small(one.style, "the painting whose style it has"), when(one.at));
  return el("button", { class: "work card", onclick: () => view(one) },
    el("img", { class: "large", src: one.painting.url, alt: one.painting.description || "a painting", loading: "lazy" }), parts);
}

function view(one) {
  byId("viewed").replaceChildren(compare(one.painting, one.photo),
    el("p", { class: "caption" }, one.painting.description || ""));
  byId("viewer").showModal();
}

function route() {
  const wantsGallery = location.hash === "#gallery";
  byId("gallery").hidden = !wantsGallery;
  byId("main").hidden = wantsGallery;
  for (const [id, current] of [["show-gallery", wantsGallery], ["show-timeline", !wantsGallery]]) {
    if (current) byId(id).setAttribute("aria-current", "page");
    else byId(id).removeAttribute("aria-current");
  }
}

addEventListener("hashchange", route);
document.addEventListener("visibilitychange", () => { if (!document.hidden && session) refresh(); });
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
route();
session = await open();
new Compose(session, refresh);
refresh();
