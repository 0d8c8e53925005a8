// One side of the form: the photos, or the paintings, each in a tile with its alt text.
import { byId, el, t } from "/sandbox/dom.js";

export class Tiles {
  constructor(name, compose) {
    this.name = name;
    this.compose = compose;
    this.filled = [];
    this.list = byId(name === "photo" ? "photos" : "paintings");
    this.input = el("input", { type: "file", accept: "image/*,.heic,.heif", multiple: true, id: `file-${name}`, "aria-label": t(`choose_${name}`) });
    this.input.addEventListener("change", async () => {
      const files = [...this.input.files];
      this.input.value = "";
      await compose.take(files, this);
    });
    this.drop = el("label", { class: "drop", for: this.input.id });
    this.place = el("li", { class: "tile" }, this.input, this.drop);
    this.catch(this.place);
    this.list.append(this.place);
  }

  add(picture) {
    this.filled.push(picture);
  }

  clear() {
    for (const picture of this.filled) if (picture.preview) URL.revokeObjectURL(picture.preview);
    this.filled = [];
    this.compose.changed();
  }

  choose() {
    this.input.click();
  }

  draw(style = null) {
    this.place.hidden = this.filled.length > 0;
    const label = el("b", {}, t(this.name === "photo" ? "photo" : "style"));
    this.drop.replaceChildren(...(style
      ? [el("img", { src: style.thumbnail, alt: "" }), el("span", { class: "role" }, style.title)]
      : [el("span", {}, label, el("small", {}, t(`drop_${this.name}`)))]));
    this.drop.classList.toggle("picked", Boolean(style));
    const now = this.filled.map((picture) => picture.element || (picture.element = this.tile(picture)));
    const before = [...this.list.querySelectorAll(".full")];
    if (before.length !== now.length || before.some((element, index) => element !== now[index])) {
      for (const element of before) element.remove();
      this.list.append(...now);
    }
    now.forEach((element, index) => { element.querySelector(".role").textContent = this.role(index); });
  }

  role(index) {
    const role = t(this.name);
    return this.filled.length > 1 ? `${role} ${index + 1}` : role;
  }

  tile(picture) {
    const what = t(`your_${this.name}`);
    const face = picture.preview
      ? el("img", { src: picture.preview, alt: picture.alt || what })
      : el("span", { class: "blank" }, t("no_preview", { kind: picture.kind }));
    const alt = el("input", {
      class: "alt", type: "text", maxlength: 1500, placeholder: t("alt"), value: picture.alt, "aria-label": t("alt_of", { what }),
    });
    alt.addEventListener("input", () => { picture.alt = alt.value; picture.media = null; });
    const remove = el("button", { type: "button", class: "remove", "aria-label": t("remove", { what }) }, "✕");
    remove.addEventListener("click", () => this.remove(picture));
    const tile = el("li", { class: "tile full" }, el("div", { class: "shown" }, face), el("span", { class: "role" }), remove, alt);
    this.catch(tile);
    return tile;
  }

  remove(picture) {
    if (picture.preview) URL.revokeObjectURL(picture.preview);
    this.filled = this.filled.filter((one) => one !== picture);
    this.compose.show();
    (this.list.querySelector(".full .remove") || this.input).focus();
  }

  catch(target) {
    for (const name of ["dragenter", "dragover"]) {
      target.addEventListener(name, (event) => { event.preventDefault(); target.classList.add("over"); });
    }
    target.addEventListener("dragleave", () => target.classList.remove("over"));
    target.addEventListener("drop", (event) => {
      event.preventDefault();
      event.stopPropagation();
      target.classList.remove("over");
      this.compose.take([...event.dataTransfer.files], this);
    });
  }
}
