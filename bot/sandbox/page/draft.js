// What is being asked for, apart from its pictures: kept over a reload, and put into words for the bot.
import { say } from "/sandbox/dom.js";

const PLACE = "stylesmith-draft";
export const FRESH = {
  house: "", kind: "painting", layer: "patterns", strength: 50, strokes: 0, wishes: [], words: "", visibility: "public",
};

export function restored() {
  return { ...FRESH, ...recall(PLACE, {}) };
}

export const keep = (draft) => remember(PLACE, draft);

export function remember(place, value) {
  try { sessionStorage.setItem(place, JSON.stringify(value)); } catch { /* private windows may refuse; then it is not kept */ }
}

export function recall(place, otherwise) {
  try { return JSON.parse(sessionStorage.getItem(place)) ?? otherwise; } catch { return otherwise; }
}

// Strokes from -4 (a half) to 4 (twice as large), as the bot counts them.
export const scale = (strokes) => Number((2 ** (strokes / 4)).toFixed(2));

// As a person would say it. `photos` and `paintings` are how many are attached; `style` is the house style.
export function inWords(draft, photos, paintings, style) {
  const parts = [];
  if (draft.kind === "dream") parts.push(say[`dream_${draft.layer}`]);
  else if (style) parts.push(style.says);
  if (photos > 1 && draft.kind !== "dream" && paintings) parts.push(say.each_in_last);
  else if (photos > 1) parts.push(draft.kind === "dream" || style ? say.each : `${say.surprise}, ${say.each}`);
  if (draft.strength !== 50) parts.push(say.strength.replace("{n}", draft.strength));
  if (draft.strokes && draft.kind !== "dream") parts.push(say.strokes.replace("{n}", scale(draft.strokes)));
  parts.push(...draft.wishes.map((wish) => say[wish]));
  if (draft.words.trim()) parts.push(draft.words.trim());
  return parts.join(document.documentElement.lang.startsWith("zh") ? "、" : ", ");
}
