// A painting, large, over the gallery; "back" closes it, and its address opens it again.
import { byId, el, message, t } from "/sandbox/dom.js";
import { tools } from "/sandbox/painting.js";
import { compare } from "/sandbox/slider.js";

export class Viewer {
  constructor() {
    this.works = [];
    this.dialog = byId("viewer");
    this.pushed = false;
    byId("close-viewer").addEventListener("click", () => this.leave());
    this.dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.leave(); });
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.leave(); });
    addEventListener("popstate", () => { this.pushed = false; this.follow(); });
  }

  // Shows what the address names, or nothing.
  follow() {
    const one = this.works.find((work) => address(work) === location.hash);
    if (!one) this.dialog.close();
    else if (!this.dialog.open) this.show(one);
  }

  open(one) {
    history.pushState(null, "", address(one));
    this.pushed = true;
    this.show(one);
  }

  show(one) {
    const shown = compare(one.painting, one.photo);
    byId("viewed").replaceChildren(shown, el("p", { class: "caption" }, caption(one)), tools(one.painting, one.status, shown));
    this.dialog.showModal();
  }

  leave() {
    if (this.pushed) history.back();
    else {
      history.replaceState(null, "", location.pathname);
      this.dialog.close();
    }
  }
}

export const address = (one) => `#painting-${one.painting.id}`;

// What the bot said of it; its alt text is under the picture for those who need it.
export const caption = (one) => message(one.status.content) || one.painting.description || t("a_painting");
