// What is saved and what is sent, in words: never a spinner alone.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { clock } from "../kernel/dates.js";
import { status } from "../kernel/sync.js";
import { queue } from "../kernel/outbox.js";
import { damaged } from "../kernel/storage.js";
import { Link } from "../kernel/router.js";

/** How many records on this phone need a look: refused, or kept by the office for a person to decide. */
export const troubled = () =>
  queue.value.filter((entry) => ["held", "rejected", "conflict"].includes(entry.state)).length + damaged.value.filter((one) => one.startsWith("outbox/")).length;

/** The state of sending, as {kind, words}. */
export function stateInWords() {
  const { online, phase, pending, blobs, lastAt } = status.value;
  const waiting = pending + blobs;
  const wrong = troubled();
  if (wrong) return { kind: "stop", words: t("{n} to look at", { n: wrong }) };
  if (phase === "login") return { kind: "stop", words: t("Sign in to send {n}", { n: waiting }) };
  if (phase === "other_user") return { kind: "stop", words: t("Another user is signed in") };
  if (phase === "portal") return { kind: "wait", words: t("This network wants a sign-in page first") };
  if (!online) return { kind: "off", words: waiting ? t("Offline, {n} to send", { n: waiting }) : t("Offline") };
  if (phase === "sending" && waiting) return { kind: "wait", words: t("Sending {n}", { n: waiting }) };
  if (waiting) return { kind: "wait", words: t("{n} to send", { n: waiting }) };
  if (!lastAt) return { kind: "off", words: t("Not sent yet") };
  return { kind: "", words: t("Delivered {time}", { time: clock(lastAt) }) };
}

/** The state as a link to the queue, at the head of every main screen. */
export function SendState() {
  const { kind, words } = stateInWords();
  return html`<${Link} href="/app/queue" class=${`state ${kind}`}>
    <span class="dot" aria-hidden="true"></span><span role="status">${words}</span>
  <//>`;
}

/** Why the office or this phone did not take something, in the person's language. */
export const reasonWords = ({ code, text }) => (code === "photo_lost" ? t("This photo can no longer be read on the phone. Take it again.") : text || code);

/** The state of one record made on this phone: saved here, sent, or refused. */
export function recordState(commandId) {
  const entry = queue.value.find((one) => one.command_id === commandId);
  if (!entry) return t("Delivered");
  if (entry.state === "held") return t("Kept at the office, waiting for another record");
  if (entry.state === "rejected") return t("Not accepted: {why}", { why: reasonWords(entry) });
  if (entry.state === "photos") return t("Delivered, photos {have} of {want}", entry.blobs);
  if (entry.state === "conflict") return t("Delivered; the office's value stands");
  return status.value.online ? t("Saved on this phone, sending") : t("Saved on this phone");
}
