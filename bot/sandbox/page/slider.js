// The painting over its photo: a range input, so that keys, touch and mouse all move the edge.
import { el, picture, t } from "/sandbox/dom.js";

export function compare(painting, photo) {
  const after = picture(painting, { class: "after", src: painting.url });
  if (!photo?.url || photo.type !== "image") return el("div", { class: "compare" }, after);
  const before = el("img", { src: photo.url, alt: "", class: "before", loading: "lazy" });
  const input = el("input", { type: "range", min: 0, max: 100, value: 0, step: 1, "aria-label": t("compare_how") });
  const box = el("div", { class: "compare" }, after, before, input, el("span", { class: "edge" }));
  box.show = (percent) => { input.value = percent; box.style.setProperty("--at", `${percent}%`); };
  box.at = () => Number(input.value);
  input.addEventListener("input", () => box.show(input.value));
  return box;
}

export function photosOf(status, thread) {
  const byId = new Map(thread.posts.map((entry) => [entry.status.id, entry.status]));
  for (let asked = byId.get(status.in_reply_to_id); asked; asked = byId.get(asked.in_reply_to_id)) {
    if (asked.account.id !== status.account.id && asked.media_attachments.length) return asked.media_attachments;
  }
  return [];
}
