// A method's texts with a customer's figures: the twin of fieldsales/plugin_api/texts.py, held to the same cases. Pure.
import { figures, fill } from "../table/fill.js";

const long = (iso, zh) => (zh ? `${+iso.slice(0, 4)}年${+iso.slice(5, 7)}月${+iso.slice(8, 10)}日` : iso);

/** The customer as its first debtor's: what another debtor of his owes is not in a text to this one. */
function ofDebtor(customer, on) {
  const [debtor, ...others] = customer.debtors || [];
  const named = { ...customer, name: debtor?.name || customer.name };
  if (!others.length) return named;
  const invoices = (customer.invoices || []).filter((one) => !one.debtor_id || one.debtor_id === debtor.id);
  const late = invoices.flatMap((one) => one.dues || []).filter((one) => one.due_on < on && one.open_minor > 0);
  const sum = (list) => list.reduce((all, one) => all + one.open_minor, 0);
  const oldest = late.map((one) => one.due_on).sort()[0];
  return { ...named, invoices, open_minor: sum(invoices), overdue_minor: Math.max(0, Math.min(sum(late), sum(invoices))), oldest_due_on: oldest, days_past_due: oldest ? Math.round((Date.parse(on) - Date.parse(oldest)) / 864e5) : 0 };
}

/** Texts by name, filled; those with a figure that is not there are left out. `given`: company, me, today (ISO). */
export function drafts(texts, customer, given, { money, zh }) {
  const known = figures(ofDebtor(customer, given.today), given, { money, day: (iso) => long(iso, zh) });
  return Object.fromEntries(texts.map((one) => [one.name, fill(zh ? one.zh : one.en, known)]).filter(([, text]) => text));
}

/** The text to stand there for a tone: what somebody has changed stays; one that cannot be filled gives way to the first. */
export function nextText(known, chosen, text) {
  const untouched = !text || Object.values(known).includes(text);
  return untouched ? known[chosen] || Object.values(known)[0] || text : text;
}
