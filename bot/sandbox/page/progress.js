// How far a wish is: its place, the time left, the painting so far; and how to take it back.
import { el, lasting, t } from "/sandbox/dom.js";

// Draws the state only when it changed; bars and previews that are there stay, so that they glide and do not flash.
export function progress(place, cancel) {
  let before = "";
  return (entry) => {
    const now = JSON.stringify([entry.open, entry.accepted, entry.stages]);
    if (now === before) return;
    before = now;
    const fresh = el("div", {}, ...(entry.open ? lines(entry) : []));
    if (entry.open && entry.mine) fresh.append(place.querySelector(".cancel") || button(cancel));
    keep(place, fresh, ".emerging", (old, young) => { old.src = young.src; });
    keep(place, fresh, ".bar", (old, young) => {
      old.setAttribute("aria-valuenow", young.getAttribute("aria-valuenow"));
      requestAnimationFrame(() => { old.firstChild.style.width = young.firstChild.style.width; });
    });
    place.replaceChildren(...fresh.childNodes);
    place.className = entry.open ? "state" : "";
  };
}

function button(cancel) {
  return el("button", { type: "button", class: "act cancel", "aria-label": t("cancel_this"), onclick: cancel }, t("cancel"));
}

function keep(place, fresh, selector, bring) {
  const old = [...place.querySelectorAll(selector)];
  [...fresh.querySelectorAll(selector)].forEach((young, index) => {
    if (!old[index]) return;
    bring(old[index], young);
    young.replaceWith(old[index]);
  });
}

function lines(entry) {
  if (!entry.stages.length) return [line(t(entry.accepted ? "accepted" : "waiting"), "")];
  return entry.stages.flatMap((stage, index) => {
    const named = (text) => (entry.stages.length > 1 ? t("which", { number: index + 1, text }) : text);
    const left = stage.left_s === null ? "" : t("left", { time: lasting(stage.left_s) });
    if (stage.place > 0) return [line(named(stage.place === 1 ? t("next") : t("place", { place: stage.place })), left)];
    const percent = Math.round(stage.fraction * 100);
    const text = named(stage.stage ? t("painting_at", { stage: stage.stage }) : t("painting_now"));
    const parts = [line(text, [t("percent", { percent }), left].filter(Boolean).join(" · ")), bar(percent)];
    if (stage.preview) parts.push(el("img", { class: "emerging", src: stage.preview, alt: t("so_far") }));
    return parts;
  });
}

function line(text, aside) {
  return el("div", { class: "line" }, el("span", { class: "dot" }), el("span", {}, text), el("small", {}, aside));
}

function bar(percent) {
  const fill = el("i");
  fill.style.width = `${percent}%`;
  return el("div", {
    class: "bar", role: "progressbar", "aria-valuenow": percent, "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": t("progress"),
  }, fill);
}
