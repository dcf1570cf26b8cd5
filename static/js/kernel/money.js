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

/** For headlines: `123.5 万`, `1.24 M`; small amounts exactly. @param {number} minor */
export function headline(minor, currency = "CNY") {
  const major = Math.abs(minor) / 10 ** exponent(currency);
  const steps = locale.value === "zh" ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "B"], [1e6, "M"], [1e4, "k", 1e3]];
  const step = steps.find(([from]) => major >= from);
  if (!step) return money(minor, currency);
  const value = major / (step[2] ?? step[0]);
  const digits = value >= 100 ? 1 : 2;
  return `${minor < 0 ? "-" : ""}${String(+value.toFixed(digits))} ${step[1]}`;
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

const DIGITS = "零壹贰叁肆伍陆柒捌玖";

function section(number) {
  let text = "";
  for (let i = 3, gap = false; i >= 0; i--) {
    const digit = Math.floor(number / 10 ** i) % 10;
    if (digit) text += (gap && text ? "零" : "") + DIGITS[digit] + ["", "拾", "佰", "仟"][i];
    gap = !digit;
  }
  return text;
}

/** An amount in yuan as it is written on paper: `壹拾万零贰佰元整`. @param {number} minor 分 */
export function inWords(minor) {
  let whole = Math.floor(Math.abs(minor) / 100);
  const parts = [];
  for (; whole; whole = Math.floor(whole / 10000)) parts.unshift(whole % 10000);
  let text = "";
  parts.forEach((part, index) => {
    const before = parts.slice(0, index).some(Boolean);
    if (part) text += (before && (part < 1000 || parts[index - 1] === 0) ? "零" : "") + section(part) + ["", "万", "亿", "兆"][parts.length - 1 - index];
  });
  const jiao = Math.floor(Math.abs(minor) / 10) % 10;
  const fen = Math.abs(minor) % 10;
  if (text || !(jiao || fen)) text = (text || "零") + "元";
  if (!jiao && !fen) text += "整";
  if (jiao) text += DIGITS[jiao] + "角" + (fen ? "" : "整");
  if (fen) text += (!jiao && text ? "零" : "") + DIGITS[fen] + "分";
  return (minor < 0 ? "负" : "") + text;
}
