// What was just saved, in words that follow its way: saved on this phone → delivered.
import { html, signal, useEffect } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { StorageFull } from "../kernel/storage.js";
import { queue } from "../kernel/outbox.js";
import { recordState } from "./state.js";

const last = signal(null);
const SHOWN_MS = 8000;

/** Say on the next screens that this record was saved. */
export function saySaved(what, commandId) {
  last.value = { what, commandId };
}

/** Drawn by the screens one comes back to. */
export function Saved() {
  const now = last.value;
  useEffect(() => {
    if (!now) return undefined;
    const timer = setTimeout(() => (last.value = null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [now]);
  if (!now) return null;
  const entry = queue.value.find((one) => one.command_id === now.commandId);
  const tone = { rejected: "alert", held: "wait", conflict: "wait" }[entry?.state] || "good";
  return html`<p class=${`band saved ${tone}`} role="status"><b>${now.what}</b> ${recordState(now.commandId)}${entry?.blobs.away ? " " + t("This phone is full: the words are saved, photos {n} wait until they have gone up. Free some space.", { n: entry.blobs.away }) : ""}</p>`;
}

/** Why a save did not go through, and that nothing is lost. */
export function saveTrouble(error) {
  if (error instanceof StorageFull) return t("This phone is full. What you wrote is kept as a draft; free some space and save again.");
  return t("It could not be saved: {why}. What you wrote is kept as a draft.", { why: error.message });
}
