// One thread: posts, pictures, how far its paintings are, what can be wished of them, and the form to answer.
import { newKey, post, withdraw } from "/sandbox/api.js";
import { age, el, picture, room, say, t, when, words } from "/sandbox/dom.js";
import { recall, remember } from "/sandbox/draft.js";
import { painting, settle, wishes } from "/sandbox/painting.js";
import { progress } from "/sandbox/progress.js";
import { photosOf } from "/sandbox/slider.js";

const SETTLED_MS = 3000;

export class Thread {
  constructor(id, session, onPosted, announce) {
    this.id = id;
    this.session = session;
    this.onPosted = onPosted;
    this.announce = announce;
    this.entries = new Map();
    this.keys = new Map();
    this.posts = el("div", { class: "posts" });
    this.complaint = el("p", { class: "message bad", role: "status" });
    this.element = el("article", { class: "thread card", "aria-label": t("thread_of", { name: session.bot }) },
      this.posts, this.complaint, this.answerForm());
  }

  update(thread) {
    const known = new Set(thread.posts.map((entry) => entry.status.id));
    for (const [id, shown] of this.entries) {
      if (!known.has(id) || shown.edited !== editedAt(thread, id)) { shown.element.remove(); this.entries.delete(id); }
    }
    this.visibility = thread.posts[0].status.visibility;
    for (const entry of thread.posts) {
      entry.mine = entry.status.account.acct === this.session.handle;
      if (!this.entries.has(entry.status.id)) this.add(entry, thread);
      this.entries.get(entry.status.id).state(entry);
    }
    this.posts.append(...thread.posts.map((entry) => this.entries.get(entry.status.id).element).filter(misplaced));
    this.settle(thread);
    const ours = thread.posts.filter((entry) => entry.by_bot);
    this.last = ours.filter((entry) => entry.status.media_attachments.length).at(-1) || ours.at(-1) || thread.posts.at(-1);
    age(this.element);
  }

  // What is asked and not yet answered, by the post that it is asked of.
  settle(thread) {
    const open = thread.posts.filter((entry) => entry.open && !entry.by_bot);
    for (const [id, shown] of this.entries) {
      const pending = new Set(open.filter((entry) => entry.status.in_reply_to_id === id).map((entry) =>
        words(entry.status.content).replace(/^(?:@[\w.@-]+\s*)+/, "").trim()));
      for (const [name, { postedAt }] of this.keys) {
        const answered = name.startsWith(`${id} `) && !pending.has(name.slice(id.length + 1));
        // A look that began before it was posted does not know of it.
        if (answered && postedAt && Date.now() - postedAt > SETTLED_MS) this.keys.delete(name);
        else if (postedAt && name.startsWith(`${id} `)) pending.add(name.slice(id.length + 1));
      }
      if (shown.wishes) settle(shown.wishes, pending);
    }
  }

  add(entry, thread) {
    const place = el("div", {});
    const row = entry.by_bot && entry.status.media_attachments.some((one) => one.type === "image")
      ? wishes((text, button) => this.wish(text, entry.status, button)) : null;
    const element = this.post(entry, thread, place, row);
    this.posts.append(element);
    this.entries.set(entry.status.id, {
      element, wishes: row, edited: entry.status.edited_at, state: progress(place, () => this.cancel(entry.status.id)),
    });
    if (entry.by_bot) this.announce(`${entry.status.account.display_name}: ${words(entry.status.content)}`);
  }

  post(entry, thread, place, row) {
    const { status } = entry;
    return el("div", { class: entry.by_bot ? "post bot" : "post", "data-id": status.id },
      el("div", { class: "rail" }, el("img", { src: status.account.avatar, alt: "", width: 42, height: 42 })),
      el("div", { class: "body" },
        by(status),
        status.spoiler_text ? el("p", { class: "warning" }, status.spoiler_text) : null,
        said(words(status.content)),
        entry.by_bot ? paintings(status, thread) : pictures(status.media_attachments),
        row, place));
  }

  answerForm() {
    const place = `stylesmith-answer-${this.id}`;
    const input = el("input", { type: "text", placeholder: t("answer_hint"), "aria-label": t("answer"), maxlength: 400, value: recall(place, "") });
    input.addEventListener("input", () => remember(place, input.value));
    const form = el("form", {}, input, el("button", { class: "act" }, t("send")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (text && await this.wish(text, this.last.status)) {
        input.value = "";
        remember(place, "");
      }
    });
    const help = el("button", { type: "button", class: "act", "data-says": "help" }, t("help"));
    help.addEventListener("click", () => this.wish(say.help, this.last.status, help));
    return el("div", { class: "reply" }, help, form);
  }

  // Whether it was posted. The same wish of the same post, made again before it is answered, is one wish.
  async wish(text, status, button = null) {
    const name = `${status.id} ${text}`;
    if (this.keys.get(name)?.busy || this.keys.get(name)?.postedAt) return false;
    const made = this.keys.get(name) || { key: newKey(), postedAt: 0 };
    this.keys.set(name, made);
    made.busy = true;
    if (button) { button.dataset.busy = "yes"; button.setAttribute("aria-disabled", "true"); }
    this.complaint.textContent = "";
    try {
      await post(`@${this.session.bot} ${text}`, { key: made.key, parent: status.id, visibility: this.visibility });
      made.postedAt = Date.now();
      await this.onPosted();
      return true;
    } catch (error) {
      this.complaint.textContent = error.message;
      return false;
    } finally {
      made.busy = false;
      if (button) { button.dataset.busy = "no"; button.setAttribute("aria-disabled", String(made.postedAt > 0)); }
    }
  }

  async cancel(id) {
    this.complaint.textContent = "";
    try {
      await withdraw(id);
      this.announce(t("cancelled"));
    } catch (error) {
      if (error.status !== 404) this.complaint.textContent = error.message;
    }
    this.onPosted();
  }
}

const misplaced = (element, index, all) => element.parentNode?.children[index] !== all[index];
const editedAt = (thread, id) => thread.posts.find((entry) => entry.status.id === id).status.edited_at;

function by(status) {
  const { account } = status;
  return el("div", { class: "by" },
    el("b", {}, account.display_name), el("span", {}, `@${account.acct}`),
    account.bot ? el("span", { class: "tag" }, t("bot_tag")) : null, when(status.created_at),
    status.edited_at ? el("span", {}, t("edited")) : null,
    status.visibility === "public" ? null : el("span", { class: "scope" }, t(status.visibility)));
}

function said(text) {
  const [, handles, rest] = text.match(/^((?:@[\w.@-]+\s*)*)([\s\S]*)$/);
  return el("p", { class: "said" }, handles ? el("span", { class: "to" }, handles) : null, rest);
}

function pictures(media) {
  if (!media.length) return null;
  return el("div", { class: media.length === 1 ? "media one" : "media" }, ...media.map((one) => {
    const figure = el("figure", {}, shown(one));
    if (one.meta?.original) room(figure, one.meta.original.width, one.meta.original.height);
    return figure;
  }));
}

function shown(one) {
  if (one.type === "image" && one.url) return picture(one, { title: one.description });
  if ((one.type === "video" || one.type === "gifv") && one.url) return film(one);
  return el("div", { class: "file" }, one.url ? t("file") : t("processing"));
}

function film(one) {
  const video = el("video", { src: one.url, controls: true, playsinline: true, preload: "metadata", "aria-label": one.description || t("film") });
  video.muted = true;  // as an attribute it counts only for what the parser made
  return video;
}

function paintings(status, thread) {
  const made = status.media_attachments;
  const images = made.filter((one) => one.type === "image" && one.url);
  const given = photosOf(status, thread);
  const others = made.filter((one) => !images.includes(one));
  if (!made.length) return null;
  return el("div", { class: images.length > 1 ? "paintings many" : "paintings" },
    ...images.map((one, index) => painting(one, given[index], status)), ...others.map((one) => el("figure", {}, shown(one))));
}
