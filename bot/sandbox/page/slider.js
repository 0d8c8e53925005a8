// The painting over its photo: a range input, so that keys, touch and mouse all move the edge.
import { el, picture, room, t } from "/sandbox/dom.js";

export function compare(painting, photo) {
  const after = picture(painting, { class: "after", src: painting.url });
  const { width = 640, height = 480 } = painting.meta?.original || {};
  if (!photo?.url || photo.type !== "image") return placed(el("div", { class: "compare" }, after), width, height);
  const before = el("img", { src: photo.preview_url, alt: "", class: "before", loading: "lazy" });
  const input = el("input", { type: "range", min: 0, max: 100, value: 0, step: 1, "aria-label": t("compare_how") });
  const box = placed(el("div", { class: "compare" }, after, before, input, el("span", { class: "edge" })), width, height);
  box.show = (percent) => { input.value = percent; box.style.setProperty("--at", `${percent}%`); };
  box.at = () => Number(input.value);
  input.addEventListener("input", () => box.show(input.value));
  return box;
}

function placed(box, width, height) {
  room(box, width, height);
  return box;
}

export function photosOf(status, thread) {
  const byId = new Map(thread.posts.map((entry) => [entry.status.id, entry.status]));
  for (let asked = byId.get(status.in_reply_to_id); asked; asked = byId.get(asked.in_reply_to_id)) {
    if (asked.account.id !== status.account.id && asked.media_attachments.length) return asked.media_attachments;
  }
  return [];
}
