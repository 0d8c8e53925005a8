// megalodon, unmodified, finds out what it talks to and does what a person would. Usage: node megalodon.mjs URL PICTURE
import assert from "node:assert/strict";
import fs from "node:fs";
import * as megalodon from "megalodon";

const [url, file] = process.argv.slice(2);
const generator = megalodon.default?.default ?? megalodon.default;
const kind = await megalodon.detector(url);
assert.equal(kind, "mastodon");
const anyone = generator(kind, url);
const app = await anyone.registerApp("a test", { scopes: ["read", "write", "follow"] });
const [id, secret] = [app.client_id ?? app.clientId, app.client_secret ?? app.clientSecret];
const form = new URLSearchParams({ client_id: id, redirect_uri: "urn:ietf:wg:oauth:2.0:oob", scope: "read write follow", account: "you" });
const page = await (await fetch(`${url}/oauth/authorize`, { method: "POST", body: form })).text();
const token = await anyone.fetchAccessToken(id, secret, /id="code" value="([^"]+)"/.exec(page)[1]);
const m = generator(kind, url, token.access_token ?? token.accessToken);
assert.equal((await m.verifyAccountCredentials()).data.acct, "you");

const events = [];
const stream = await (m.userStreaming ?? m.userSocket).call(m);
for (const name of ["update", "notification", "delete", "error"]) stream.on(name, () => events.push(name));
await new Promise((resolve) => setTimeout(resolve, 1000));

const media = (await m.uploadMedia(fs.createReadStream(file), { description: "a hill" })).data;
const { data: status } = await m.postStatus("@stylesmith please #mosaic", { media_ids: [media.id], visibility: "unlisted", spoiler_text: "art" });
assert.equal(status.media_attachments.length, 1);
assert.equal((await m.favouriteStatus(status.id)).data.favourited, true);
assert.equal((await m.reblogStatus(status.id)).data.reblog.id, status.id);
assert.equal((await m.bookmarkStatus(status.id)).data.bookmarked, true);
assert.equal((await m.editStatus(status.id, { status: "@stylesmith again", media_ids: [media.id] })).data.id, status.id);
assert.equal((await m.search("stylesmith", { type: "accounts" })).data.accounts[0].acct, "stylesmith");
assert.deepEqual((await m.getInstanceCustomEmojis()).data, []);
assert.ok((await m.getHomeTimeline()).data.length);
assert.deepEqual((await m.getLists()).data, []);
await m.deleteStatus(status.id);
for (let tries = 0; tries < 100 && !events.includes("delete"); tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
assert.ok(events.includes("update") && events.includes("delete") && !events.includes("error"), events.join());
stream.stop?.();
console.log("all of it");
process.exit(0);
