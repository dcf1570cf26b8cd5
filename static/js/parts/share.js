// Handing words over: the platform's own share sheet, a text message, or the clipboard.
import { t } from "../kernel/words.js";

/** Shares text; says in words what became of it, "" when the person turned back. */
export async function shareText(title, text) {
  if (navigator.share) {
    try {
      await navigator.share({ title, text });
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

/** Shares a file by the platform's sheet; where there is none, it is kept as a file. Says what became of it. */
export async function shareFile(title, file) {
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file], title });
      return t("Shared");
    } catch (error) {
      if (error.name === "AbortError") return "";
    }
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return t("Kept as a file on this phone.");
}
