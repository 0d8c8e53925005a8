// The form: photos and paintings by click, drop or paste, a style, how it shall look, and the post.
import { Unreachable, example, newKey, post, processed, upload } from "/sandbox/api.js";
import { byId, el, t } from "/sandbox/dom.js";
import { FRESH, inWords, keep, restored, scale } from "/sandbox/draft.js";
import { look } from "/sandbox/files.js";
import { Tiles } from "/sandbox/tiles.js";

const MOST_STYLES = 3;

export class Compose {
  constructor(session, onPosted) {
    this.session = session;
    this.onPosted = onPosted;
    this.draft = restored();
    this.key = newKey();
    this.photos = new Tiles("photo", this);
    this.paintings = new Tiles("painting", this);
    this.sending = false;
    this.listen();
    this.offer();
    this.show();
  }

  get style() {
    return this.session.styles.find((style) => style.name === this.draft.house) || null;
  }

  get count() {
    return this.photos.filled.length + this.paintings.filled.length;
  }

  listen() {
    byId("compose").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    byId("compose").addEventListener("input", () => this.read());
    byId("another-photo").addEventListener("click", () => this.photos.choose());
    byId("another-painting").addEventListener("click", () => this.paintings.choose());
    byId("swap").addEventListener("click", () => this.swap());
    document.addEventListener("paste", (event) => this.take([...event.clipboardData.files]));
    for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
    addEventListener("drop", (event) => this.take([...event.dataTransfer.files]));
  }

  // Thumbnails to click: photos to try, and the styles of the house.
  offer() {
    const { examples, styles } = this.session;
    byId("examples").hidden = !examples.length;
    byId("example-strip").append(...examples.map((one) => el("button", {
      type: "button", class: "pick", "data-name": one.name, "aria-label": t("example", { title: one.title }),
      title: one.credit, onclick: () => this.tryOne(one),
    }, el("img", { src: one.thumbnail, alt: "", loading: "lazy" }))));
    byId("styles").hidden = !styles.length;
    byId("style-strip").append(this.pick("", t("curator"), null), ...styles.map((style) =>
      this.pick(style.name, style.title, style)));
  }

  pick(name, title, style) {
    const input = el("input", { type: "radio", name: "house", value: name });
    input.addEventListener("change", () => { this.paintings.clear(); centre(input); });
    const face = style
      ? el("img", { src: style.thumbnail, alt: "", width: 96, height: 72, loading: "lazy" }) : el("span", { class: "dice", "aria-hidden": "true" }, "✦");
    return el("label", { class: "pick", title: style?.credit || null }, input, el("span", { class: "face" }, face), el("span", { class: "name" }, title));
  }

  async tryOne(sample) {
    try {
      await this.take([await example(sample)], this.photos, sample.title);
    } catch {
      this.say(t("not_sent"), true);
    }
  }

  // The form as the draft has it.
  show() {
    const { draft } = this;
    const check = (name, value) => {
      for (const input of byId("compose").querySelectorAll(`[name=${name}]`)) input.checked = input.value === value;
    };
    check("kind", draft.kind);
    check("layer", draft.layer);
    check("house", this.paintings.filled.length ? null : this.style?.name || "");
    byId("strength").value = draft.strength;
    byId("strokes").value = draft.strokes;
    byId("words").value = draft.words;
    byId("visibility").value = draft.visibility;
    for (const box of byId("wishes").querySelectorAll("input")) box.checked = draft.wishes.includes(box.value);
    centre(byId("style-strip").querySelector("input:checked"));
    this.changed();
  }

  // The draft as the form has it.
  read() {
    const chosen = (name) => byId("compose").querySelector(`[name=${name}]:checked`)?.value || "";
    Object.assign(this.draft, {
      house: chosen("house"), kind: chosen("kind"), layer: chosen("layer"), strength: Number(byId("strength").value),
      strokes: Number(byId("strokes").value), words: byId("words").value, visibility: byId("visibility").value,
      wishes: [...byId("wishes").querySelectorAll("input:checked")].map((box) => box.value),
    });
    this.changed();
  }

  changed() {
    const { draft } = this;
    this.key = newKey();
    keep(draft);
    byId("layers").hidden = draft.kind !== "dream";
    byId("strokes-knob").hidden = draft.kind === "dream";
    byId("strength-shown").textContent = draft.strength === 50 ? t("as_usual") : draft.strength;
    byId("strokes-shown").textContent = draft.strokes ? `× ${scale(draft.strokes)}` : t("as_usual");
    byId("examples").hidden = !this.session.examples.length || this.photos.filled.length > 0;
    byId("another-photo").disabled = !this.photos.filled.length || this.full || this.paintings.filled.length > 1;
    byId("another-painting").disabled = !this.paintings.filled.length || this.full || this.photos.filled.length > 1
      || this.paintings.filled.length >= MOST_STYLES;
    byId("swap").disabled = !(this.photos.filled.length === 1 && this.paintings.filled.length === 1);
    this.photos.draw();
    this.paintings.draw(this.style);
    byId("saying").textContent = `@${this.session.bot} ${this.text()}`.trim();
  }

  get full() {
    return this.count >= this.session.limits.pictures;
  }

  text() {
    const paintings = this.paintings.filled.length;
    return inWords(this.draft, this.photos.filled.length, paintings, paintings ? null : this.style);
  }

  // Files for one side, or for whichever has room: first the photo, then the painting.
  async take(files, side = null, alt = "") {
    for (const file of files) {
      const found = await look(file, this.session.limits);
      if (found.problem) { this.say(found.problem, true); continue; }
      const to = side || (this.photos.filled.length ? this.paintings : this.photos);
      const problem = this.noRoom(to);
      if (problem) { this.say(problem, true); break; }
      if (to === this.paintings) this.draft.house = "";
      to.add({ ...found, alt });
      this.say("");
    }
    this.show();
  }

  noRoom(side) {
    const other = side === this.photos ? this.paintings : this.photos;
    if (this.full) return t("too_many", { limit: this.session.limits.pictures });
    return side.filled.length && other.filled.length > 1 ? t("one_painting") : "";
  }

  swap() {
    [this.photos.filled, this.paintings.filled] = [this.paintings.filled, this.photos.filled];
    this.changed();
  }

  say(text, bad = false) {
    byId("message").textContent = text;
    byId("message").classList.toggle("bad", bad);
  }

  missing() {
    if (this.photos.filled.length) return "";
    return this.paintings.filled.length ? t("photo_too") : t("choose_first");
  }

  async send() {
    if (this.sending) return;
    const missing = this.missing();
    if (missing) {
      this.say(missing, true);
      document.querySelector("#photos input").focus();
      return;
    }
    this.sending = true;
    byId("send").disabled = true;
    try {
      await this.post();
      this.clear();
      this.say(t("asked"));
      this.onPosted();
    } catch (error) {
      this.say(error instanceof Unreachable ? t("not_sent") : error.message, true);
    } finally {
      this.sending = false;
      byId("send").disabled = false;
    }
  }

  async post() {
    const pictures = [...this.photos.filled, ...this.paintings.filled];
    for (const [index, picture] of pictures.entries()) {
      this.say(t("uploading", { number: index + 1, count: pictures.length }));
      picture.media ||= await processed(await upload(picture.file, picture.alt));
    }
    const text = `@${this.session.bot} ${this.text()}`.trim();
    await post(text, { key: this.key, media: pictures.map((picture) => picture.media), visibility: this.draft.visibility });
  }

  clear() {
    this.photos.clear();
    this.paintings.clear();
    this.draft = { ...FRESH, visibility: this.draft.visibility };
    this.show();
    byId("compose").querySelector(".fields").scrollTop = 0;
  }
}

// Scrolls the strip of styles, and nothing else, to the one that is chosen.
function centre(input) {
  const [style, strip] = [input?.parentElement, byId("style-strip")];
  if (style) strip.scrollLeft = style.offsetLeft - (strip.clientWidth - style.offsetWidth) / 2;
}
