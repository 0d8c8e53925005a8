// Whether a file is a picture that the bot can read, found out before anything is sent.
import { t } from "/sandbox/dom.js";

const KINDS = [
  ["image/jpeg", [0xff, 0xd8, 0xff]], ["image/png", [0x89, 0x50, 0x4e, 0x47]], ["image/gif", [0x47, 0x49, 0x46, 0x38]],
  ["image/bmp", [0x42, 0x4d]], ["image/tiff", [0x49, 0x49, 0x2a, 0]], ["image/tiff", [0x4d, 0x4d, 0, 0x2a]],
  ["application/pdf", [0x25, 0x50, 0x44, 0x46]], ["image/jxl", [0xff, 0x0a]],
];
const BRANDS = {
  avif: "image/avif", avis: "image/avif", heic: "image/heic", heix: "image/heic", heim: "image/heic", heis: "image/heic",
  hevc: "image/heic", mif1: "image/heic", msf1: "image/heic",
};
const PREVIEW_PX = 640;

// {file, kind, preview}, preview being null where this browser cannot show it; or {problem}, a sentence.
export async function look(file, limits) {
  const { name } = file;
  if (file.size > limits.bytes) return { problem: t("too_heavy", { name, limit: Math.floor(limits.bytes / 2 ** 20) }) };
  const kind = await kindOf(file).catch(() => "");
  if (kind && !limits.types.includes(kind)) {
    return { problem: kind === "image/heic" ? t("heic", { name }) : t("not_read", { name, kind: shortly(kind) }) };
  }
  if (!kind) return { problem: t("not_picture", { name }) };
  const image = await decoded(file);
  if (!image) return kind === "image/heic" || kind === "image/tiff" || kind === "image/avif"
    ? { file, kind: shortly(kind), preview: null } : { problem: t("not_picture", { name }) };
  return sized(image, kind, name, limits) || { file, kind: shortly(kind), preview: image.src };
}

function sized(image, kind, name, limits) {
  const pixels = kind === "image/jpeg" ? limits.jpeg_pixels : limits.pixels;
  const [short, long] = [image.naturalWidth, image.naturalHeight].sort((one, other) => one - other);
  let problem = null;
  if (short * long > pixels) problem = t("too_large", { name, limit: Math.floor(pixels / 1e6) });
  else if (short < limits.shortest) problem = t("too_small", { name, limit: limits.shortest });
  else if (long > short * limits.ratio) problem = t("too_narrow", { name });
  if (problem) URL.revokeObjectURL(image.src);
  return problem ? { problem } : null;
}

async function kindOf(file) {
  const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  const text = String.fromCharCode(...head);
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "image/webp";
  if (text.slice(4, 8) === "ftyp") return BRANDS[text.slice(8, 12)] || "video/mp4";
  const found = KINDS.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte));
  if (found) return found[0];
  return /<svg/i.test(text) ? "image/svg+xml" : "";
}

function shortly(kind) {
  return kind.split("/")[1].replace("+xml", "").toUpperCase();
}

async function decoded(file) {
  const image = new Image(PREVIEW_PX);
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    return image;
  } catch {
    URL.revokeObjectURL(image.src);
    return null;
  }
}
