// What a saved record says, as lines of [label, words]: for the queue and the sent items. A table, so that a new field is one line.
import { pick, t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { docs } from "../kernel/docs.js";
import { dated } from "../parts/day.js";
import { disputeWords } from "../customers/before.js";
import { methodWords } from "../customers/payments.js";
import { paperWords } from "../customers/paper.js";
import { truthOf } from "../customers/claims.js";
import { excuseWords } from "../visits/excuses.js";
import { outcomes, purposes, wordsOf } from "../visits/words.js";

const list = (words) => (values) => values.map(words).filter(Boolean).join("、");
const signOf = (kind) => (docs.one("settings").value?.signs_seen || []).find((one) => one.code === kind);
const kinds = (kind) => (signOf(kind) ? pick(signOf(kind)) : kindWords(kind));
const kindWords = (kind) => ({ delivery_note: paperWords, contract: paperWords, payment_slip: paperWords, complaint: () => t("Complaint"), note: () => "" }[kind] ?? disputeWords)(kind);

/** [field, label, how its value reads]; `whole` is the record, for the currency. */
const FIELDS = () => [
  ["number", t("Number")],
  ["name", t("Name")],
  ["phone", t("Phone")],
  ["address", t("Where")],
  ["purpose", t("Purpose"), (code) => (code === "collect" ? "" : wordsOf(purposes(), code))],
  ["outcome", t("Outcome"), (code) => wordsOf(outcomes(), code)],
  ["persons", t("Who was met"), list((one) => one.name)],
  ["kind", t("What it is"), kinds],
  ["amount_minor", t("Amount"), (minor, whole) => (minor ? money(minor, whole.currency) : "")],
  ["total_minor", t("Amount owed"), (minor, whole) => money(minor, whole.currency)],
  ["agreed_minor", t("Agreed and undisputed"), (minor, whole) => money(minor, whole.currency)],
  ["instalments", t("Instalments"), (rows) => String(rows.length)],
  ["method", t("By what way"), (code) => methodOf(code)],
  ["due_on", t("By when"), dated],
  ["promisor_name", t("Who promised")],
  ["excuses", t("Reasons given"), list((one) => excuseWords(one.code))],
  ["said", t("What was said")],
  ["state", t("What did you find?"), (state) => truthOf(state)[0]],
  ["product", t("Goods and batch")],
  ["words", t("Exact words")],
  ["text", t("Words")],
  ["reason", t("Reason")],
  ["note", t("Remark")],
  ["to", t("To")],
  ["now", t("Changed to"), (now) => Object.values(now).filter(Boolean).join(" · ")],
  ["fields", t("Answers"), (fields) => Object.values(fields).filter((one) => typeof one === "string" && one.length < 200).join(" · ")],
  ["next_step", t("Next step"), ({ text, on }) => [text, on && dated(on)].filter(Boolean).join(" · ")],
  ["photos", t("Photos"), (photos) => (photos.length ? String(photos.length) : "")],
];

function methodOf(code) {
  const form = docs.all("form").value.find((one) => one.method === code);
  return form ? pick(form.labels) : methodWords(code);
}

/** The record's own content: a signing carries it inside. */
export const contentOf = (payload) => payload.payload ?? payload;

export function summary(payload) {
  const whole = contentOf(payload);
  const lines = FIELDS().filter(([field]) => whole[field] !== undefined && whole[field] !== null && whole[field] !== "");
  return lines.map(([field, label, words]) => [label, words ? words(whole[field], whole) : String(whole[field])]).filter(([, words]) => words);
}

/** The customer a record is about, if it is on this phone. */
export const customerOf = (payload) => docs.get("customer", contentOf(payload).customer_id || "").value;

/** The screen on which the record can be seen, or written anew. */
export function placeOf(operation, payload) {
  const customer = customerOf(payload);
  if (!customer) return operation === "visits.add_lead" ? "/app/me" : "";
  return `/app/customers/${customer.id}`;
}
