// The gallery: every painting with its photo and its style, the newest first.
import { open, threadsBefore, threads } from "/sandbox/api.js";
import { byId, el, picture, t, when } from "/sandbox/dom.js";
import { trouble } from "/sandbox/feed.js";
import { photosOf } from "/sandbox/slider.js";
import { Viewer, address, caption } from "/sandbox/viewer.js";

const LOOK_MS = 5000;
const viewer = new Viewer();
const works = new Map();
let oldest = null;

function worksOf(found) {
  return found.flatMap((thread) => thread.posts.filter((entry) => entry.by_bot).flatMap(({ status }) => {
    const given = photosOf(status, thread);
    const made = status.media_attachments.filter((one) => one.type === "image" && one.url);
    return made.map((painting, index) => ({
      painting, status, photo: given[index], style: given.length > made.length ? given.at(-1) : null,
    }));
  }));
}

function draw() {
  const all = [...works.values()].sort((one, other) => Date.parse(other.status.created_at) - Date.parse(one.status.created_at));
  viewer.works = all;
  byId("empty").hidden = all.length > 0;
  const before = new Map([...byId("works").children].map((element) => [element.dataset.id, element]));
  byId("works").replaceChildren(...all.map((one) => before.get(one.painting.id) || card(one)));
  viewer.follow();
}

function card(one) {
  const small = (media, alt) => (media?.url && media.type === "image" ? picture(media, { alt }) : null);
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    viewer.open(one);
  };
  return el("a", { class: "work card", "data-id": one.painting.id, href: address(one), onclick: open },
    picture(one.painting, { class: "large", alt: one.painting.description || caption(one) }),
    el("span", { class: "parts" }, small(one.photo, t("from_photo")), one.style ? el("span", { "aria-hidden": "true" }, "+") : null,
      small(one.style, t("from_style")), when(one.status.created_at)));
}

function add({ threads: found, older }, newest) {
  for (const one of worksOf(found)) works.set(one.painting.id, one);
  if (newest && found.length) {
    // What is gone from the newest threads is gone from the wall.
    const [shown, from] = [new Set(worksOf(found).map((one) => one.painting.id)), found.at(-1).id];
    for (const [id, one] of works) if (BigInt(one.status.id) > BigInt(from) && !shown.has(id) && !one.old) works.delete(id);
  }
  if (!newest) for (const one of worksOf(found)) works.get(one.painting.id).old = true;
  if (!newest || oldest === null) {
    oldest = found.at(-1)?.id ?? null;
    byId("older").hidden = !older;
  }
  draw();
}

async function look() {
  try {
    add(await threads(40), true);
    trouble("");
  } catch (error) {
    trouble(error.message);
  }
  setTimeout(look, LOOK_MS);
}

async function start() {
  try {
    await open();
    byId("older").addEventListener("click", async () => add(await threadsBefore(oldest), false));
    look();
  } catch (error) {
    trouble(error.message);
    setTimeout(start, 3000);
  }
}

start();
