// masto.js, unmodified, does in a sandbox everything that a person would. Usage: node masto.mjs URL PICTURE
import assert from "node:assert/strict";
import fs from "node:fs";
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";
import { WebSocket } from "ws";

const [url, file] = process.argv.slice(2);
const OOB = "urn:ietf:wg:oauth:2.0:oob";
const scope = "read write follow push";
const app = await createRestAPIClient({ url }).v1.apps.create({ clientName: "a test", redirectUris: OOB, scopes: scope });
const form = new URLSearchParams({ client_id: app.clientId, redirect_uri: OOB, scope, account: "you" });
const page = await (await fetch(`${url}/oauth/authorize`, { method: "POST", body: form })).text();
const code = /id="code" value="([^"]+)"/.exec(page)[1];
const token = await createOAuthAPIClient({ url }).token.create({
  clientId: app.clientId, clientSecret: app.clientSecret, redirectUri: OOB, code, grantType: "authorization_code", scope,
});
const m = createRestAPIClient({ url, accessToken: token.accessToken });
assert.equal((await m.v1.accounts.verifyCredentials()).acct, "you");
const instance = await m.v2.instance.fetch();

const streams = createStreamingAPIClient({
  streamingApiUrl: instance.configuration.urls.streaming, accessToken: token.accessToken, implementation: WebSocket,
});
const events = [];
const follow = async (name, subscription) => { for await (const event of subscription) events.push([name, event.event, event.payload]); };
follow("user", streams.user.subscribe());
follow("tag", streams.hashtag.subscribe({ tag: "mosaic" }));
await streams.prepare?.();
await new Promise((resolve) => setTimeout(resolve, 500));

const media = await m.v2.media.create({ file: new File([fs.readFileSync(file)], "photo.png", { type: "image/png" }), description: "a hill" });
const posted = await m.v1.statuses.create({ status: "@stylesmith please #Mosaic", mediaIds: [media.id], visibility: "public", language: "en" });
const status = m.v1.statuses.$select(posted.id);
assert.deepEqual(posted.tags.map((tag) => tag.name), ["mosaic"]);
assert.equal((await m.v1.timelines.tag.$select("mosaic").list())[0].id, posted.id);
assert.deepEqual((await status.history.list()).length, 1);

const edited = await status.update({ status: "@stylesmith again", mediaIds: [media.id], mediaAttributes: [{ id: media.id, description: "a green hill" }] });
assert.ok(edited.editedAt);
assert.equal(edited.mediaAttachments[0].description, "a green hill");
assert.equal((await status.source.fetch()).text, "@stylesmith again");
assert.deepEqual((await status.history.list()).map((one) => one.mediaAttachments[0].description), ["a hill", "a green hill"]);

assert.equal((await status.favourite()).favourited, true);
assert.deepEqual((await status.favouritedBy.list()).map((one) => one.acct), ["you"]);
assert.equal((await m.v1.favourites.list())[0].id, posted.id);
assert.equal((await status.unfavourite()).favourited, false);
assert.equal((await status.bookmark()).bookmarked, true);
assert.equal((await m.v1.bookmarks.list())[0].id, posted.id);
assert.equal((await status.pin()).pinned, true);
const me = (await m.v1.accounts.verifyCredentials()).id;
assert.equal((await m.v1.accounts.$select(me).statuses.list({ pinned: true }))[0].id, posted.id);
const boost = await status.reblog();
assert.equal(boost.reblog.id, posted.id);
assert.equal((await status.fetch()).reblogsCount, 1);
assert.equal((await m.v1.timelines.home.list({ limit: 1 }))[0].reblog.id, posted.id);
assert.equal((await status.unreblog()).reblogged, false);

const found = await m.v2.search.list({ q: "stylesmith", type: "accounts" });
assert.equal(found.accounts[0].acct, "stylesmith");
assert.equal((await m.v2.search.list({ q: posted.url })).statuses[0].id, posted.id);
const bot = m.v1.accounts.$select(found.accounts[0].id);
assert.equal((await bot.follow()).following, true);
assert.deepEqual((await bot.followers.list()).map((one) => one.acct), ["you"]);
assert.equal((await m.v1.tags.$select("mosaic").follow()).following, true);

for (const list of [
  m.v1.customEmojis, m.v1.announcements, m.v1.lists, m.v1.conversations, m.v2.filters, m.v1.trends.tags, m.v1.blocks, m.v1.mutes,
  m.v1.followRequests, m.v1.scheduledStatuses, m.v1.instance.peers,
]) assert.deepEqual(await list.list(), []);
assert.ok(await m.v1.preferences.fetch());
assert.ok(await m.v1.markers.fetch({ timeline: ["home"] }));
assert.ok((await m.v2.notifications.list()).notificationGroups);
await assert.rejects(
  m.v1.statuses.create({ status: "later", scheduledAt: new Date(Date.now() + 3.6e6).toISOString() }),
  (error) => error.statusCode === 422 && /scheduled_at/.test(error.message),
);

await status.remove();
for (let tries = 0; tries < 100 && !events.some(([, event]) => event === "delete"); tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
const heard = (name) => [...new Set(events.filter(([stream]) => stream === name).map(([, event]) => event))];
assert.deepEqual(heard("user"), ["update", "status.update", "delete"]);
assert.deepEqual(heard("tag"), ["update"]);
streams.close();
console.log("all of it");
process.exit(0);
