// What can be done with a painting: compare, download, share, see it whole; and what can be wished of it.
import { byId, el, say, t } from "/sandbox/dom.js";
import { compare } from "/sandbox/slider.js";

const WISHES = ["again", "stronger", "softer", "another", "how", "delete"];

// A painting with its tools. `status` is the post that it is in.
export function painting(media, photo, status) {
  const shown = compare(media, photo);
  return el("figure", { class: "painting" }, shown, tools(media, status, shown));
}

export function tools(media, status, shown) {
  // Without a suffix: the browser adds the one of what it gets.
  const name = `stylesmith-${media.id}`;
  return el("div", { class: "tools-row" },
    shown.show ? el("button", { type: "button", class: "tool", "data-does": "compare", onclick: () => glide(shown) }, icon("⇆"), t("compare")) : null,
    el("a", { class: "tool", "data-does": "download", href: media.url, download: name }, icon("↓"), t("download")),
    el("a", { class: "tool", "data-does": "full", href: media.url, target: "_blank", rel: "noopener" }, icon("⤢"), t("full_size")),
    link(status));
}

function icon(sign) {
  return el("span", { class: "icon", "aria-hidden": "true" }, sign);
}

// Photo and painting in turn.
function glide(shown) {
  shown.show(shown.at() > 50 ? 0 : 100);
}

function link(status) {
  const told = el("span", {}, t("link"));
  const anchor = el("a", { class: "tool", "data-does": "link", href: here(status.url) }, icon("#"), told);
  anchor.addEventListener("click", async (event) => {
    if (!navigator.clipboard || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(anchor.href);
      told.textContent = t("link_copied");
      setTimeout(() => { told.textContent = t("link"); }, 3000);
    } catch {
      location.assign(anchor.href);
    }
  });
  return anchor;
}

// The post's own address, at the name by which this page was reached.
function here(url) {
  return new URL(new URL(url).pathname, location.href).href;
}

// The wishes under a post with paintings. `wish(text)` posts one.
export function wishes(wish) {
  const buttons = WISHES.map((name) => {
    const button = el("button", { type: "button", class: name === "delete" ? "act danger" : "act", "data-says": name }, t(name));
    button.addEventListener("click", async () => {
      if (name !== "delete" || await sure()) wish(say[name], button);
    });
    return button;
  });
  return el("div", { class: "wishes" }, ...buttons);
}

// A wish that waits for its answer is not made twice.
export function settle(row, pending) {
  for (const button of row.querySelectorAll(".act")) {
    const waits = pending.has(say[button.dataset.says]) || button.dataset.busy === "yes";
    button.setAttribute("aria-disabled", String(waits));
    button.title = waits ? t("pending") : "";
  }
}

// Whether the question is answered with yes. Closing it, Escape and "back" are a no.
export function sure() {
  const dialog = byId("sure");
  dialog.returnValue = "no";
  dialog.showModal();
  byId("sure-no").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
