// What a form's answers are as JSON, and what is wrong with them: the same rules as fieldsales/plugin_api/readers.py.
import { nfc } from "../kernel/canonical.js";

const PATTERNS = {
  phone: /^\+?[0-9(][0-9 ()-]{2,30}$/,
  email: /^(?=[!-~]{6,254}$)[^\s@<>,;:"]{1,64}@[^\s@<>,;:"]{1,180}\.[^\s@<>,;:".]{2,63}$/,
  signature: /^[0-9a-f]{64}$/,
};
const SOUNDS = ["audio/mpeg", "audio/mp4", "audio/aac", "audio/wav", "audio/ogg", "audio/webm", "audio/amr", "audio/3gpp"];
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const DEGREES = /^-?\d{1,3}(\.\d{1,7})?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;
const LONGEST = { text: 120, prose: 4000 };
const LONGEST_ADDRESS = 200;
const MAX_MINOR = 1e13;
const signs = (text) => [...text].length;
const isEmpty = (value) => value === undefined || value === null || value === "";

/** Types whose answer is a piece of text. */
const WRITTEN = new Set(["text", "prose", "date", "time", "choice", "phone", "email", "signature"]);

/** The types this phone knows how to ask. A form may hold more: it comes from a newer server. */
export const KNOWN = new Set(["text", "prose", "money", "date", "time", "duration", "choice", "bool", "phone", "photo", "number", "email", "location", "signature", "recording", "rows"]);

/** Whether the question is asked, given the other answers and the form's fields. A yes-or-no nobody touched is no. */
export function isShown(field, values, fields) {
  const seen = new Set();
  for (let asked = field; asked?.when && !seen.has(asked.name); ) {
    seen.add(asked.name);
    const { field: name, in: answers } = asked.when;
    asked = fields.find((one) => one.name === name);
    const given = values[name] ?? (asked?.type === "bool" ? false : undefined);
    if (!answers.includes(given)) return false;
  }
  return true;
}

/** The questions that are asked. */
export const shown = (fields, values) => fields.filter((one) => KNOWN.has(one.type) && isShown(one, values, fields));

const whole = (value) => {
  const text = String(value).normalize("NFKC").trim();
  return /^-?\d{1,15}$/.test(text) ? Number(text) : String(value);
};
const line = (text) => nfc(text).replace(/\s*\n\s*/g, " ").trim() || undefined;

function place(value) {
  if (typeof value !== "object") return value;
  const { address, ...rest } = value;
  const where = typeof address === "string" ? line(address) : address;
  const known = Object.entries({ ...rest, address: where }).filter(([, one]) => !isEmpty(one));
  return known.length ? Object.fromEntries(known) : undefined;
}

/** Rows as they are sent: each with what it asks; a row without any answer is no row. */
function rowsOf(field, rows) {
  if (!Array.isArray(rows)) return rows;
  const found = rows.map((row) => read(field.fields, row ?? {}).all).filter((row) => Object.keys(row).length);
  return found.length ? found : undefined;
}

/** The value as it is sent; undefined when nothing was answered. Photos become their hashes. */
export function jsonOf(field, value) {
  if (isEmpty(value)) return undefined;
  if (field.type === "photo") return Array.isArray(value) && !value.length ? undefined : [value].flat().map((one) => one?.sha256);
  if (field.type === "signature") return typeof value === "string" ? value : value.sha256;
  if (field.type === "recording") return value.sha256 ? { sha256: value.sha256, mime: value.mime, size: value.size, consent: value.consent === true } : undefined;
  if (field.type === "location") return place(value);
  if (field.type === "rows") return rowsOf(field, value);
  if (field.type === "number" || field.type === "duration") return whole(value);
  if (typeof value !== "string") return value;
  if (field.type === "prose") return nfc(value).trim() ? nfc(value) : undefined;
  return line(value);
}

const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const JUDGES = {
  text: (value, { minimum, maximum }) => size(signs(value), minimum, maximum ?? LONGEST.text),
  prose: (value, { minimum, maximum }) => size(signs(value), minimum, maximum ?? LONGEST.prose),
  bool: (value) => (typeof value === "boolean" ? "" : "format"),
  photo: (value, { minimum, maximum }) => (value.every((one) => PATTERNS.signature.test(one)) ? size(value.length, minimum, maximum ?? 20) : "format"),
  money: (value, { minimum, maximum }) => (Number.isInteger(value) ? size(value, minimum ?? 1, maximum ?? MAX_MINOR) : "type"),
  date: (value) => (!DATE.test(value) || new Date(value).toJSON()?.slice(0, 10) !== value ? "format" : value >= "1990-01-01" && value <= "2100-12-31" ? "" : "date_range"),
  time: (value, { minimum, maximum }) => (TIME.test(value) ? size(minutes(value), minimum, maximum) : "format"),
  choice: (value, { choices }) => (choices.some((one) => one.value === value) ? "" : "not_a_choice"),
  number: (value, { minimum, maximum }) => (Number.isInteger(value) ? size(value, minimum, maximum) : "type"),
  duration: (value, { minimum, maximum }) => (Number.isInteger(value) ? size(value, Math.max(0, minimum ?? 0), maximum) : "type"),
  location: judgePlace,
  recording: (value, { maximum }) =>
    !PATTERNS.signature.test(value.sha256) || !SOUNDS.includes(value.mime) || !(value.size > 0) ? "format" : value.consent !== true ? "no_consent" : value.size > maximum ? "too_heavy" : "",
  rows: (value, field) => (Array.isArray(value) && value.every((row) => row && typeof row === "object") ? judgeRows(value, field) : "format"),
};

function judgePlace(value) {
  if (typeof value !== "object") return "format";
  const { lat, lon, accuracy_m: metres, at, address = "" } = value;
  if (signs(address) > LONGEST_ADDRESS) return "too_large";
  if (isEmpty(lat) && isEmpty(lon)) return address ? "" : "format";
  const degrees = (text, most) => typeof text === "string" && DEGREES.test(text) && Math.abs(Number(text)) <= most;
  const near = isEmpty(metres) || (Number.isInteger(metres) && metres >= 0 && metres <= 1e6);
  const then = isEmpty(at) || (INSTANT.test(at) && !Number.isNaN(Date.parse(at)));
  return degrees(lat, 90) && degrees(lon, 180) && near && then ? "" : "format";
}

function judgeRows(rows, field) {
  const wrong = rows.flatMap((row) => Object.values(read(field.fields, row).problems));
  return size(rows.length, field.minimum, field.maximum) || wrong[0] || "";
}

/** Why the value cannot stand, as a code, or "". */
export function problemOf(field, value) {
  if (value === undefined) return "";
  if (WRITTEN.has(field.type) && typeof value !== "string") return "format";
  if (PATTERNS[field.type]) return PATTERNS[field.type].test(value) ? "" : "format";
  return JUDGES[field.type]?.(value, field) ?? "";
}

function size(value, low, high) {
  if (low !== null && low !== undefined && value < low) return "too_small";
  return high !== null && high !== undefined && value > high ? "too_large" : "";
}

/** `fields`: what may be sent; `all`: that and what may not; `problems`: by field name, and in rows by `stock.0.count`. */
export function read(asked, values) {
  const all = {};
  const problems = {};
  for (const field of shown(asked, values)) {
    const value = jsonOf(field, values[field.name]);
    if (value === undefined) continue;
    all[field.name] = value;
    const problem = problemOf(field, value);
    if (!problem) continue;
    problems[field.name] = problem;
    if (field.type === "rows") Object.assign(problems, inRows(field, values[field.name]));
  }
  const fields = Object.fromEntries(Object.entries(all).filter(([name]) => !problems[name]));
  return { fields, all, problems };
}

/** What is wrong in rows, by the place in which it stands on the screen: `stock.0.count`. */
function inRows(field, rows) {
  if (!Array.isArray(rows)) return {};
  return Object.fromEntries(rows.flatMap((row, n) => Object.entries(read(field.fields, row ?? {}).problems).map(([name, code]) => [`${field.name}.${n}.${name}`, code])));
}

/** All answers of the questions that are asked, as JSON, and the problems by field name. */
export function readForm(form, values) {
  const { fields, problems } = read(form.fields, values);
  return { fields, problems };
}
