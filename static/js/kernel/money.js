// Amounts are whole minor units (分, cents). Never a float. The same rules as kernel/money.py.
import { locale } from "./words.js";

const EXPONENTS = { JPY: 0, KRW: 0, VND: 0, CLP: 0, BHD: 3, KWD: 3, JOD: 3, TND: 3 };
const SIGNS = { CNY: "¥", USD: "$", EUR: "€", GBP: "£" };
const MAX = 1e13;
const exponent = (currency) => EXPONENTS[currency] ?? 2;

/** `1234567.89` @param {number} minor */
export function plain(minor, currency = "CNY") {
  const digits = exponent(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const cut = text.length - digits;
  return (minor < 0 ? "-" : "") + text.slice(0, cut) + (digits ? "." + text.slice(cut) : "");
}

/** `¥1,234,567.89` @param {number} minor */
export function money(minor, currency = "CNY") {
  const [whole, part] = plain(Math.abs(minor), currency).split(".");
  const sign = SIGNS[currency] ?? currency + " ";
  return (minor < 0 ? "-" : "") + sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : "");
}

/** `¥`, `$`, or the code of a currency without a sign of its own. */
export const signOf = (currency = "CNY") => SIGNS[currency] ?? currency;

/** For headlines: `123.5 万`, `1.24 M`; small amounts exactly; a currency other than the yuan is named. @param {number} minor */
export function headline(minor, currency = "CNY") {
  const major = Math.abs(minor) / 10 ** exponent(currency);
  /** @type {[number, string, number][]} */
  const steps = locale.value === "zh" ? [[1e8, "亿", 2], [1e4, "万", 1]] : [[1e9, "B", 2], [1e6, "M", 2], [1e4, "k", 1]];
  const step = steps.find(([from]) => major >= from);
  if (!step) return money(minor, currency);
  const [from, unit, digits] = step;
  return `${currency === "CNY" ? "" : currency + " "}${minor < 0 ? "-" : ""}${+(major / (unit === "k" ? 1e3 : from)).toFixed(digits)} ${unit}`;
}

/** A headline of amounts that may be of several currencies, which are never added up: `12.5 万 + USD 3.1 万`. @param {[string | undefined, number][]} amounts */
export function headlines(amounts) {
  const sums = amounts.reduce((all, [currency = "CNY", minor]) => all.set(currency, (all.get(currency) ?? 0) + minor), new Map());
  return [...sums].filter(([, minor]) => minor).map(([currency, minor]) => headline(minor, currency)).join(" + ");
}

/** Minor units of what a person typed (`1,234.5`, `１２万`), or null. @param {string} text */
export function parseAmount(text, currency = "CNY") {
  const typed = text.normalize("NFKC").replace(/[\s,，¥$€£元]/g, "");
  const found = /^(\d*)(?:\.(\d*))?(万|亿)?$/.exec(typed);
  if (!found || !(found[1] || found[2])) return null;
  const shift = exponent(currency) + ({ 万: 4, 亿: 8 }[found[3]] ?? 0);
  const part = (found[2] ?? "").replace(/0+$/, "");
  if (part.length > shift) return null; // more digits than the currency has
  const minor = Number((found[1] || "0") + part.padEnd(shift, "0"));
  return minor <= MAX ? minor : null;
}

/** Shares that sum exactly; what does not divide goes to the first ones. @param {number} minor @param {number} parts */
export function split(minor, parts) {
  const share = Math.floor(minor / parts);
  return Array.from({ length: parts }, (_, index) => share + (index < minor - share * parts ? 1 : 0));
}
