// What a form's answers are as JSON, and what is wrong with them: the same rules as fieldsales/plugin_api/fields.py.
import { nfc } from "../kernel/canonical.js";

const PATTERNS = {
  phone: /^\+?[0-9(][0-9 ()-]{2,30}$/,
  email: /^(?=[!-~]{6,254}$)[^\s@<>,;:"]{1,64}@[^\s@<>,;:"]{1,180}\.[^\s@<>,;:".]{2,63}$/,
};
const LONGEST = { text: 120, prose: 4000 };
const MAX_MINOR = 1e13;
const signs = (text) => [...text].length;

/** Whether the question is asked, given the other answers. */
export const isShown = (field, values) => !field.when || field.when.in.includes(values[field.when.field]);

/** The value as it is sent; undefined when nothing was answered. Photos become their hashes. */
export function jsonOf(field, value) {
  if (value === undefined || value === null || value === "") return undefined;
  if (field.type === "photo") return value.length ? value.map((one) => one.sha256) : undefined;
  if (field.type === "number") return /^-?\d{1,15}$/.test(String(value).normalize("NFKC").trim()) ? Number(String(value).normalize("NFKC").trim()) : String(value);
  if (field.type === "prose") return nfc(value).trim() ? nfc(value) : undefined;
  return typeof value === "string" ? nfc(value).replace(/\s*\n\s*/g, " ").trim() || undefined : value;
}

/** Why the value cannot stand, as a code, or "". */
export function problemOf(field, value) {
  if (value === undefined) return "";
  const { type, minimum: low, maximum: high } = field;
  if (type === "text" || type === "prose") return size(signs(value), low, high ?? LONGEST[type]);
  if (type === "photo") return size(value.length, low, high ?? 20);
  if (type === "money") return Number.isInteger(value) ? size(value, low ?? 1, high ?? MAX_MINOR) : "type";
  if (type === "date") return value >= "1990-01-01" && value <= "2100-12-31" ? "" : "date_range";
  if (type === "choice") return field.choices.some((one) => one.value === value) ? "" : "not_a_choice";
  if (type === "number") return Number.isInteger(value) ? size(value, low, high) : "type";
  if (PATTERNS[type]) return PATTERNS[type].test(value) ? "" : "format";
  return "";
}

function size(value, low, high) {
  if (low !== null && low !== undefined && value < low) return "too_small";
  return high !== null && high !== undefined && value > high ? "too_large" : "";
}

/** All answers of the questions that are asked, as JSON, and the problems by field name. */
export function readForm(form, values) {
  const fields = {};
  const problems = {};
  for (const field of form.fields.filter((one) => isShown(one, values))) {
    const value = jsonOf(field, values[field.name]);
    const problem = problemOf(field, value);
    if (problem) problems[field.name] = problem;
    else if (value !== undefined) fields[field.name] = value;
  }
  return { fields, problems };
}
