// One thread: posts, pictures, how far its paintings are, answers, and the buttons to answer them.
import { post } from "/sandbox/api.js";
import { age, el, lasting, when, words } from "/sandbox/dom.js";
import { compare } from "/sandbox/slider.js";

const SCOPES = { public: "", unlisted: "unlisted", private: "followers", direct: "direct" };

export class Thread {
  constructor(session, onPosted, announce) {
    this.session = session;
    this.onPosted = onPosted;
    this.announce = announce;
    this.entries = new Map();
    this.posts = el("div", { class: "posts" });
    this.element = el("article", { class: "thread card" }, this.posts, this.answerForm());
  }

  update(thread) {
    const known = new Set(thread.posts.map((entry) => entry.status.id));
    for (const [id, shown] of this.entries) {
      if (!known.has(id)) { shown.element.remove(); this.entries.delete(id); }
    }
    for (const entry of thread.posts) {
      if (!this.entries.has(entry.status.id)) this.add(entry, thread);
      this.entries.get(entry.status.id).state(entry);
    }
    const ours = thread.posts.filter((entry) => entry.by_bot);
    const painted = ours.filter((entry) => entry.status.media_attachments.length);
    this.last = painted.at(-1) || ours.at(-1) || thread.posts.at(-1);
    this.visibility = thread.posts[0].status.visibility;
    age(this.element);
    for (const button of this.element.querySelectorAll(".act")) button.hidden = !painted.length && button.dataset.says !== "help";
  }

  add(entry, thread) {
    const state = el("div", {});
    const element = this.post(entry, thread, state);
    this.posts.append(element);
    this.entries.set(entry.status.id, { element, state: this.stateOf(state) });
    if (entry.by_bot) this.announce(`${entry.status.account.display_name}: ${words(entry.status.content)}`);
  }

  post(entry, thread, state) {
    const { status } = entry;
    const account = status.account;
    return el("div", { class: entry.by_bot ? "post bot" : "post", "data-id": status.id },
      el("div", { class: "rail" }, el("img", { src: account.avatar, alt: "" })),
      el("div", {},
        el("div", { class: "by" },
          el("b", {}, account.display_name), el("span", {}, `@${account.acct}`),
          account.bot ? el("span", { class: "tag" }, "bot") : null, when(status.created_at),
          SCOPES[status.visibility] ? el("span", { class: "scope" }, SCOPES[status.visibility]) : null),
        status.spoiler_text ? el("p", { class: "warning" }, status.spoiler_text) : null,
        said(words(status.content)),
        entry.by_bot ? paintings(status, thread) : pictures(status.media_attachments),
        state));
  }

  // Draws the state only when it changed; bars and previews that are there stay, so that they glide and do not flash.
  stateOf(place) {
    let before = "";
    return (entry) => {
      const now = JSON.stringify([entry.open, entry.accepted, entry.stages]);
      if (now === before) return;
      before = now;
      const fresh = el("div", {}, ...(entry.open ? states(entry) : []));
      keep(place, fresh, ".emerging", (old, young) => { old.src = young.src; });
      keep(place, fresh, ".bar", (old, young) => {
        old.setAttribute("aria-valuenow", young.getAttribute("aria-valuenow"));
        requestAnimationFrame(() => { old.firstChild.style.width = young.firstChild.style.width; });
      });
      place.replaceChildren(...fresh.childNodes);
    };
  }

  answerForm() {
    const input = el("input", { type: "text", placeholder: "Answer in this thread …", "aria-label": "Answer", maxlength: 400 });
    const form = el("form", {}, input, el("button", { class: "quiet" }, "Send"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim()) this.answer(input.value.trim()).then(() => { input.value = ""; });
    });
    const act = (label, says) => el("button",
      { type: "button", class: "act", "data-says": says, onclick: () => this.answer(says) }, label);
    return el("div", { class: "reply" }, act("Again", "again"), act("Stronger", "stronger"), act("Softer", "softer"), act("Delete", "delete"), act("Help", "help"), form);
  }

  async answer(text) {
    await post(`@${this.session.bot} ${text}`, { parent: this.last.status.id, visibility: this.visibility });
    this.onPosted();
  }
}

function keep(place, fresh, selector, bring) {
  const old = [...place.querySelectorAll(selector)];
  [...fresh.querySelectorAll(selector)].forEach((young, index) => {
    if (!old[index]) return;
    bring(old[index], young);
    young.replaceWith(old[index]);
  });
}

function said(text) {
  const [, handles, rest] = text.match(/^((?:@[\w.@-]+\s*)*)([\s\S]*)$/);
  return el("p", { class: "said" }, handles ? el("span", { class: "to" }, handles) : null, rest);
}

function pictures(media) {
  if (!media.length) return null;
  return el("div", { class: media.length === 1 ? "media one" : "media" }, ...media.map((one) => el("figure", {},
    one.type === "image" && one.url
      ? el("img", { src: one.preview_url || one.url, alt: one.description || "", title: one.description || "", loading: "lazy" })
      : el("div", { class: "file" }, one.url ? "a file" : "processing …"))));
}

export function photosOf(status, thread) {
  const byId = new Map(thread.posts.map((entry) => [entry.status.id, entry.status]));
  for (let asked = byId.get(status.in_reply_to_id); asked; asked = byId.get(asked.in_reply_to_id)) {
    if (asked.account.id !== status.account.id && asked.media_attachments.length) return asked.media_attachments;
  }
  return [];
}

function paintings(status, thread) {
  const made = status.media_attachments;
  if (!made.length) return null;
  const given = photosOf(status, thread);
  const shown = made.map((painting, index) => el("figure", { class: "painting" }, compare(painting, given[index])));
  for (const figure of shown) figure.style.margin = "0";
  return el("div", { class: made.length > 1 ? "paintings many" : "paintings" }, ...shown);
}

function states(entry) {
  if (!entry.stages.length) return [line(entry.accepted ? "Taken on" : "Waiting for the bot", "")];
  return entry.stages.flatMap((stage, index) => {
    const which = entry.stages.length > 1 ? `Painting ${index + 1}: ` : "";
    if (stage.place > 0) return [line(`${which}${stage.place === 1 ? "next" : `number ${stage.place}`} in the queue`, "")];
    const percent = Math.round(stage.fraction * 100);
    const left = stage.remaining_s === null ? "" : ` · ${lasting(stage.remaining_s)} left`;
    const parts = [line(`${which}painting${stage.stage ? ` at ${stage.stage}` : ""}`, `${percent} %${left}`, percent)];
    if (stage.preview) parts[0].append(el("img", { class: "emerging", src: stage.preview, alt: "The painting so far" }));
    return parts;
  });
}

function line(text, aside, percent = null) {
  const box = el("div", { class: "state" },
    el("div", { class: "line" }, el("span", { class: "dot" }), text.charAt(0).toUpperCase() + text.slice(1), el("small", {}, aside)));
  if (percent !== null) {
    const fill = el("i");
    fill.style.width = `${percent}%`;
    box.append(el("div", { class: "bar", role: "progressbar", "aria-valuenow": percent, "aria-label": "Progress" }, fill));
  }
  return box;
}
