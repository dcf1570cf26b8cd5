// Calendar dates (`2026-11-21`) belong to the branch's zone; instants are UTC.
import { locale } from "./words.js";

let zone = "Asia/Shanghai";

/** The branch's zone, from the settings. @param {string} name */
export function setZone(name) {
  zone = name;
}

/** The date of an instant in the branch's zone, put together from its parts: how a locale writes a date differs between engines. @param {Date | string | number} at */
export function dateOf(at) {
  const parts = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(new Date(at));
  const of = (type) => parts.find((part) => part.type === type).value;
  return `${of("year").padStart(4, "0")}-${of("month").padStart(2, "0")}-${of("day").padStart(2, "0")}`;
}

export const today = () => dateOf(Date.now());

/** The instant now, to the second, as papers carry it. */
export const nowIso = () => new Date().toISOString().slice(0, 19) + "Z";

const utc = (iso) => new Date(iso.slice(0, 10) + "T00:00:00Z");

/** @param {string} iso @param {number} days */
export function addDays(iso, days) {
  return new Date(utc(iso).getTime() + days * 864e5).toISOString().slice(0, 10);
}

/** The same day some months on, or the month's last. @param {string} iso @param {number} months */
export function addMonths(iso, months) {
  const [year, month, date] = iso.slice(0, 10).split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** Days from a to b. @param {string} a @param {string} b */
export const daysBetween = (a, b) => Math.round((utc(b).getTime() - utc(a).getTime()) / 864e5);

const EN = "en-GB";

/** `3月12日(周四)` or `Thu 12 Mar`. @param {string} iso */
export function day(iso) {
  const at = utc(iso);
  if (locale.value === "zh") return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日(周${"日一二三四五六"[at.getUTCDay()]})`;
  return new Intl.DateTimeFormat(EN, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(at).replace(",", "");
}

/** `2026年3月12日` or `12 March 2026`. @param {string} iso */
export function fullDay(iso) {
  const at = utc(iso);
  if (locale.value === "zh") return `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日`;
  return new Intl.DateTimeFormat(EN, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(at);
}

/** `09:41` @param {string | number} instant */
export function clock(instant) {
  return new Intl.DateTimeFormat(EN, { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(new Date(instant));
}

/** The clock if it was today, else day and clock. @param {string | number} instant */
export function when(instant) {
  const on = dateOf(instant);
  return on === today() ? clock(instant) : `${day(on)} ${clock(instant)}`;
}
