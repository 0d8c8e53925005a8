// The painting over its photo: a range input, so that keys, touch and mouse all move the edge.
import { el } from "/sandbox/dom.js";

export function compare(painting, photo) {
  const after = el("img", { src: painting.url, alt: painting.description || "", class: "after" });
  if (!photo?.url) return el("div", { class: "compare" }, after);
  const before = el("img", { src: photo.url, alt: "", class: "before" });
  const input = el("input", {
    type: "range", min: 0, max: 100, value: 0, step: 1, "aria-label": "How much of the photo is shown",
  });
  const box = el("div", { class: "compare" }, after, before, input, el("span", { class: "edge" }));
  input.addEventListener("input", () => box.style.setProperty("--at", `${input.value}%`));
  return box;
}
