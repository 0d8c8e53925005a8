// The timeline: ask on the left, see on the right.
import { open, threads } from "/sandbox/api.js";
import { Compose } from "/sandbox/compose.js";
import { byId, t } from "/sandbox/dom.js";
import { Feed, trouble } from "/sandbox/feed.js";

const STEP = 20;
const MOST = 200;
let limit = STEP;

async function start() {
  try {
    const session = await open();
    const feed = new Feed(session, () => threads(limit), (found) => { byId("older").hidden = !found.older || limit >= MOST; });
    byId("older").addEventListener("click", () => { limit = Math.min(MOST, limit + STEP); feed.refresh(); });
    new Compose(session, () => feed.refresh());
    feed.refresh();
  } catch (error) {
    trouble(error.message || t("not_sent"));
    setTimeout(start, 3000);
  }
}

start();
