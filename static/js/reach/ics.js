// One promise as a calendar entry, made on the phone: works without a network. RFC 5545, as the office's calendar writes it.
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { addDays } from "../kernel/dates.js";
import "../words/reach.js";

const escaped = (text) => String(text).replace(/\\/g, "\\\\").replace(/;/g, "\\;").replace(/,/g, "\\,").replace(/\r?\n/g, "\\n");
const compact = (iso) => iso.replaceAll("-", "");

/** Pieces of at most 75 octets, never through a character. @param {string} line */
export function folded(line) {
  const pieces = [""];
  let size = 0;
  for (const sign of line) {
    const width = new TextEncoder().encode(sign).length;
    if (size + width > (pieces.length > 1 ? 74 : 75)) {
      pieces.push("");
      size = 0;
    }
    pieces[pieces.length - 1] += sign;
    size += width;
  }
  return pieces.join("\r\n ");
}

/** @param {any} promise @param {any} customer @param {string} now an instant @param {string} origin */
export function icsOf(promise, customer, now, origin) {
  const stamp = now.replace(/[-:]/g, "").replace(/\.\d+/, "");
  const title = t("{name} promised {amount}", { name: customer.name, amount: money(promise.amount_minor - (promise.kept_minor || 0), customer.currency) });
  const alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", `DESCRIPTION:${escaped(title)}`, "TRIGGER;RELATED=START:PT9H", "END:VALARM"];
  const lines = [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fieldsales//phone//ZH", "CALSCALE:GREGORIAN", "BEGIN:VEVENT",
    `UID:promise-${promise.id}@fieldsales`, `DTSTAMP:${stamp}`, `DTSTART;VALUE=DATE:${compact(promise.due_on)}`, `DTEND;VALUE=DATE:${compact(addDays(promise.due_on, 1))}`,
    `SUMMARY:${escaped(title)}`, ...(promise.words ? [`DESCRIPTION:${escaped(promise.words)}`] : []), `URL:${origin}/app/customers/${customer.id}`,
    "TRANSP:TRANSPARENT", "CLASS:PRIVATE", ...alarm, "END:VEVENT", "END:VCALENDAR",
  ];
  return lines.map((line) => folded(line) + "\r\n").join("");
}

/** Hand it to the phone's calendar: shared where the platform can, else downloaded. */
export async function addToCalendar(promise, customer) {
  const file = new File([icsOf(promise, customer, new Date().toISOString(), location.origin)], `${promise.due_on}.ics`, { type: "text/calendar" });
  if (navigator.canShare?.({ files: [file] })) {
    try {
      return await navigator.share({ files: [file] });
    } catch (error) {
      if (error.name === "AbortError") return;
    }
  }
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: url, download: file.name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
