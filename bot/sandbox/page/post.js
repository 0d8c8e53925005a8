// One post in its thread, at the address that is shared.
import { open, threadOf } from "/sandbox/api.js";
import { byId, t } from "/sandbox/dom.js";
import { Feed, trouble } from "/sandbox/feed.js";

const id = location.pathname.split("/").at(-1);

async function start() {
  try {
    const session = await open();
    byId("headline").textContent = t("thread_of", { name: `@${session.bot}` });
    await new Feed(session, () => threadOf(id)).refresh();
    // It appears as a whole and at its place: nothing that is seen moves.
    byId("content").hidden = false;
    document.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "start" });
  } catch (error) {
    trouble(error.message);
    setTimeout(start, 3000);
  }
}

start();
