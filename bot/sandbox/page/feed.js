// What is kept up to date: threads, who is here, and the trouble there is.
import { Refused, Unreachable } from "/sandbox/api.js";
import { byId, lasting, t } from "/sandbox/dom.js";
import { Thread } from "/sandbox/thread.js";

const BUSY_MS = 1000;
const QUIET_MS = 3000;

export class Feed {
  // `load` asks for {threads, older, bot_here, queue, painters}; `onShown` is told what came.
  constructor(session, load, onShown = () => {}) {
    this.session = session;
    this.load = load;
    this.onShown = onShown;
    this.shown = new Map();
    this.heardAt = Date.now();
    this.first = true;
    this.number = 0;
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.refresh(); });
  }

  async refresh() {
    clearTimeout(this.timer);
    let busy = false;
    const number = this.number += 1;
    try {
      const found = await this.load();
      if (number !== this.number) return;
      this.heardAt = Date.now();
      busy = found.threads.some((thread) => thread.posts.some((entry) => entry.open));
      this.draw(found.threads);
      trouble(troubleOf(found, busy));
      byId("empty").hidden = found.threads.length > 0;
      this.onShown(found);
    } catch (error) {
      if (error instanceof Refused && error.status === 404) { this.draw([]); byId("empty").hidden = false; }
      else if (error instanceof Unreachable) trouble(t("server_gone", { ago: lasting((Date.now() - this.heardAt) / 1000) }));
      else { trouble(error.message); console.warn(error); }
    }
    this.first = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), busy ? BUSY_MS : QUIET_MS);
  }

  draw(found) {
    const ids = new Set(found.map((thread) => thread.id));
    for (const [id, thread] of this.shown) {
      if (!ids.has(id)) { thread.element.remove(); this.shown.delete(id); }
    }
    found.forEach((thread, index) => {
      if (!this.shown.has(thread.id)) {
        this.shown.set(thread.id, new Thread(thread.id, this.session, () => this.refresh(), (text) => this.announce(text)));
      }
      const { element } = this.shown.get(thread.id);
      if (byId("threads").children[index] !== element) byId("threads").insertBefore(element, byId("threads").children[index] || null);
      this.shown.get(thread.id).update(thread);
    });
  }

  announce(text) {
    if (!this.first) byId("announcer").textContent = text;
  }
}

export function trouble(text) {
  if (byId("trouble").textContent !== text) byId("trouble").textContent = text;
}

function troubleOf(found, busy) {
  if (found.bot_here === false) return t("bot_gone");
  if (!found.queue) return "";
  if (found.painters === null) return t("no_queue");
  return busy && found.painters === 0 ? t("no_painter") : "";
}
