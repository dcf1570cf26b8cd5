// Handing words over: the platform's own share sheet, a text message, or the clipboard.
import { t } from "../kernel/words.js";

/** Shares text (and a file where the platform can); says in words what became of it, "" when the person turned back. */
export async function shareText(title, text, file) {
  const withFile = file && navigator.canShare?.({ files: [file] }) ? { files: [file], title, text } : { title, text };
  if (navigator.share) {
    try {
      await navigator.share(withFile);
      return t("Shared");
    } catch (error) {
      if (error.name === "AbortError") return "";
    }
  }
  return copyText(text);
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return t("Copied. Paste it where it shall go.");
  } catch {
    return t("This browser does not let the app share. Press and hold the text to copy it.");
  }
}

/** Where a customer is, for the map apps: AMap's web address opens its app where there is one (WGS-84 is said). */
export function mapLinks({ lat, lon, name, address }) {
  if (!lat || !lon) return address ? [{ name: t("AMap"), href: `https://uri.amap.com/search?keyword=${encodeURIComponent(address)}` }] : [];
  const place = encodeURIComponent(name);
  return [
    { name: t("AMap"), href: `https://uri.amap.com/marker?position=${lon},${lat}&name=${place}&coordinate=wgs84&callnative=1` },
    { name: t("Map app"), href: `geo:${lat},${lon}?q=${lat},${lon}(${place})` },
  ];
}
