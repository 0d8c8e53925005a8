// The Mastodon client API, as any client uses it, and what the page asks beyond it.
import { t } from "/sandbox/dom.js";

const LIMIT_MS = 15000;
let session = { token: "", handle: "", bot: "" };

// The server could not be reached: nothing is known of what it did.
export class Unreachable extends Error {}
export class Refused extends Error {
  constructor(message, status) { super(message); this.status = status; }
}

async function request(path, { limit = LIMIT_MS, ...options } = {}) {
  const headers = { ...(options.headers || {}) };
  if (session.token) headers.Authorization = `Bearer ${session.token}`;
  let answer;
  try {
    answer = await fetch(path, { ...options, headers, signal: AbortSignal.timeout(limit) });
  } catch {
    throw new Unreachable(t("not_sent"));
  }
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(data.error || t("refused", { status: answer.status }), answer.status);
  return data;
}

export async function open() {
  session = await request("/sandbox/session");
  return session;
}

export const threads = (limit = 30) => request(`/sandbox/threads?limit=${limit}`);
export const threadsBefore = (id, limit = 40) => request(`/sandbox/threads?limit=${limit}&max_id=${id}`);
export const threadOf = (id) => request(`/sandbox/threads/${id}`);
export const withdraw = (id) => request(`/api/v1/statuses/${id}`, { method: "DELETE" });

export async function example(sample) {
  const answer = await fetch(sample.picture);
  return new File([await answer.blob()], `${sample.name}.jpg`, { type: "image/jpeg" });
}

export function upload(file, description) {
  const form = new FormData();
  form.append("file", file);
  if (description) form.append("description", description);
  return request("/api/v2/media", { method: "POST", body: form, limit: 120000 });
}

export async function processed(media) {
  for (let tries = 0; !media.url && tries < 60; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    media = await request(`/api/v1/media/${media.id}`);
  }
  return media;
}

// `key` is the same for the same wish, so that a wish that is sent twice is one.
export function post(status, { key, media = [], parent = null, visibility = "public" }) {
  const body = { status, media_ids: media.map((one) => one.id), visibility, language: guess(status) };
  if (parent) body.in_reply_to_id = parent;
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
  return request("/api/v1/statuses", { method: "POST", headers, body: JSON.stringify(body) });
}

export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// By the letters beside the handle, else the page's own.
function guess(text) {
  if (/\p{Script=Han}/u.test(text)) return "zh";
  return /\p{Script=Latin}/u.test(text.replace(/@\S+/g, "")) ? "en" : document.documentElement.lang.slice(0, 2);
}
