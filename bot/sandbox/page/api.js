// The Mastodon client API, as any client uses it, and what the page asks beyond it.

let session = { token: "", handle: "", bot: "" };

async function request(path, options = {}) {
  const headers = { ...(options.headers || {}) };
  if (session.token) headers.Authorization = `Bearer ${session.token}`;
  const answer = await fetch(path, { ...options, headers });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(data.error || `The sandbox answered ${answer.status}.`);
  return data;
}

export async function open() {
  session = await request("/sandbox/session");
  return session;
}

export const threads = () => request("/sandbox/threads?limit=30");

export function upload(file, description) {
  const form = new FormData();
  form.append("file", file);
  if (description) form.append("description", description);
  return request("/api/v2/media", { method: "POST", body: form });
}

export async function processed(media) {
  for (let tries = 0; !media.url && tries < 60; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    media = await request(`/api/v1/media/${media.id}`);
  }
  return media;
}

export function post(status, { media = [], parent = null, visibility = "public" } = {}) {
  const body = { status, media_ids: media.map((one) => one.id), visibility, language: guess(status) };
  if (parent) body.in_reply_to_id = parent;
  const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID?.() || String(Math.random()) };
  return request("/api/v1/statuses", { method: "POST", headers, body: JSON.stringify(body) });
}

function guess(text) {
  return /\p{Script=Han}/u.test(text) ? "zh" : "en";
}
