// The form: up to four pictures by click, drop or paste, their alt texts, words, and the post.
import { post, processed, upload } from "/sandbox/api.js";
import { el } from "/sandbox/dom.js";

const LARGEST = 16 * 1024 * 1024;
const MOST = 4;
const CHIPS = [
  "subtle", "wild", "keep my colours", "larger strokes", "dream", "surprise me", "all of these in the last one",
];
const CHINESE_CHIPS = ["轻一点", "保留颜色", "像星空一样", "帮助"];
const EACH = /\b(all|each|every|both|batch|last one|first one)\b|每|全部|所有|都|批量|最后一/i;
const readsChinese = navigator.languages.some((language) => language.startsWith("zh"));
const byId = (id) => document.getElementById(id);

export class Compose {
  constructor(session, onPosted) {
    this.session = session;
    this.onPosted = onPosted;
    this.pictures = [null, null];
    byId("handle").textContent = `@${session.bot}`;
    byId("swap").addEventListener("click", () => this.swap());
    byId("more").addEventListener("click", () => this.more());
    byId("compose").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    document.addEventListener("paste", (event) => this.fill([...event.clipboardData.files]));
    byId("words").addEventListener("input", () => this.relabel());
    byId("chips").append(...[...CHIPS, ...(readsChinese ? CHINESE_CHIPS : [])].map((chip) => this.chip(chip)));
    this.draw();
  }

  chip(text) {
    const button = el("button", { type: "button", "aria-pressed": "false" }, text);
    button.addEventListener("click", () => {
      const words = byId("words");
      const parts = words.value.split(/,\s*/).filter(Boolean);
      const there = parts.includes(text);
      words.value = (there ? parts.filter((part) => part !== text) : [...parts, text]).join(", ");
      button.setAttribute("aria-pressed", String(!there));
      this.relabel();
    });
    return button;
  }

  draw() {
    byId("slots").replaceChildren(...this.pictures.map((picture, index) => this.slot(picture, index)));
    byId("more").disabled = this.pictures.length >= MOST;
    byId("swap").disabled = this.pictures.length !== 2 || !this.pictures.some(Boolean);
  }

  // As the bot will read them: one photo and a blend of paintings, or, where the words say so, a series of photos.
  role(index) {
    const last = this.pictures.length - 1;
    if (last === 1) return ["Photo", "Painting"][index];
    if (EACH.test(byId("words").value)) return index === last ? "Painting" : `Photo ${index + 1}`;
    return index === 0 ? "Photo" : `Painting ${index}`;
  }

  relabel() {
    for (const [index, slot] of [...byId("slots").children].entries()) {
      for (const label of slot.querySelectorAll(".role, .drop b")) label.textContent = this.role(index);
    }
  }

  slot(picture, index) {
    const role = this.role(index);
    const input = el("input", { type: "file", accept: "image/*", id: `file-${index}`, "aria-label": `${role}: choose a file` });
    input.addEventListener("change", () => this.fill([...input.files], index));
    const inside = picture
      ? el("img", { src: picture.preview, alt: picture.alt || `Your ${role.toLowerCase()}` })
      : el("span", {}, el("b", {}, role), el("small", {}, "drop, paste or click"));
    const alt = el("input", {
      class: "alt", type: "text", maxlength: 1500, placeholder: "Describe it (alt text)", value: picture?.alt || "",
      "aria-label": `Alt text of the ${role.toLowerCase()}`,
    });
    alt.addEventListener("input", () => { if (picture) picture.alt = alt.value; });
    const remove = el("button", { type: "button", class: "remove", "aria-label": `Remove the ${role.toLowerCase()}` }, "✕");
    remove.addEventListener("click", () => this.remove(index));
    const slot = el("li", { class: picture ? "slot full" : "slot" },
      input, el("label", { class: "drop", for: `file-${index}` }, inside), el("span", { class: "role" }, role), remove, alt);
    this.catchDrops(slot, index);
    return slot;
  }

  catchDrops(slot, index) {
    for (const name of ["dragenter", "dragover"]) {
      slot.addEventListener(name, (event) => { event.preventDefault(); slot.classList.add("over"); });
    }
    slot.addEventListener("dragleave", () => slot.classList.remove("over"));
    slot.addEventListener("drop", (event) => {
      event.preventDefault();
      slot.classList.remove("over");
      this.fill([...event.dataTransfer.files], index);
    });
  }

  fill(files, index = -1) {
    for (const file of files) {
      if (!file.type.startsWith("image/")) { this.say(`${file.name} is no picture.`, true); continue; }
      if (file.size > LARGEST) { this.say(`${file.name} is larger than 16 MB.`, true); continue; }
      let free = index >= 0 ? index : this.pictures.indexOf(null);
      index = -1;
      if (free < 0 && this.pictures.length < MOST) free = this.pictures.push(null) - 1;
      if (free < 0) { this.say(`At most ${MOST} pictures.`, true); break; }
      this.drop(free);
      this.pictures[free] = { file, alt: "", preview: URL.createObjectURL(file) };
    }
    this.draw();
  }

  drop(index) {
    if (this.pictures[index]) URL.revokeObjectURL(this.pictures[index].preview);
    this.pictures[index] = null;
  }

  remove(index) {
    this.drop(index);
    if (this.pictures.length > 2) this.pictures.splice(index, 1);
    this.draw();
    byId(`file-${Math.min(index, this.pictures.length - 1)}`).focus();
  }

  swap() {
    [this.pictures[0], this.pictures[1]] = [this.pictures[1], this.pictures[0]];
    this.draw();
  }

  more() {
    this.pictures.push(null);
    this.draw();
  }

  say(text, bad = false) {
    byId("message").textContent = text;
    byId("message").classList.toggle("bad", bad);
  }

  async send() {
    const button = byId("send");
    const pictures = this.pictures.filter(Boolean);
    button.disabled = true;
    try {
      const media = [];
      for (const [index, picture] of pictures.entries()) {
        this.say(`Uploading ${index + 1} of ${pictures.length} …`);
        media.push(await processed(await upload(picture.file, picture.alt)));
      }
      const words = byId("words").value.trim();
      await post(`@${this.session.bot} ${words}`.trim(), { media, visibility: byId("visibility").value });
      this.clear();
      this.say("Asked. Watch it come to life in the timeline.");
      this.onPosted();
    } catch (error) {
      this.say(error.message, true);
    } finally {
      button.disabled = false;
    }
  }

  clear() {
    this.pictures.forEach((_, index) => this.drop(index));
    this.pictures = [null, null];
    byId("words").value = "";
    for (const chip of byId("chips").children) chip.setAttribute("aria-pressed", "false");
    this.draw();
  }
}
