// Instalments: by count and rhythm, or by hand. They always sum exactly; what does not divide stands in the first ones.
import { split } from "../kernel/money.js";
import { addDays, addMonths } from "../kernel/dates.js";

export const MAX = 120;

const STEPS = {
  daily: (first, n) => addDays(first, n),
  weekly: (first, n) => addDays(first, 7 * n),
  half_monthly: (first, n) => (n % 2 ? addDays(addMonths(first, (n - 1) / 2), 15) : addMonths(first, n / 2)),
  monthly: (first, n) => addMonths(first, n),
};

/** `count` instalments from `first` on. @param {number} total minor units @param {"daily" | "weekly" | "half_monthly" | "monthly"} rhythm */
export function makeSchedule(total, count, rhythm, first) {
  return split(total, count).map((amount_minor, n) => ({ n: n + 1, due_on: STEPS[rhythm](first, n), amount_minor }));
}

export const sumOf = (instalments) => instalments.reduce((sum, one) => sum + (one.amount_minor || 0), 0);

/** What is wrong with a schedule, as a code, or null. Dates must run on; every amount is more than nothing; the sum is exact. */
export function scheduleProblem(instalments, total, today) {
  if (!instalments.length) return "none";
  if (instalments.some((one) => !one.due_on)) return "no_day";
  if (instalments.some((one) => !(one.amount_minor > 0))) return "no_amount";
  if (instalments.some((one) => one.due_on < today)) return "past";
  if (instalments.some((one, n) => n > 0 && one.due_on < instalments[n - 1].due_on)) return "order";
  return sumOf(instalments) === total ? null : "sum";
}

/** The schedule with what is missing (or too much) put into its last instalment, or null when that leaves nothing there. */
export function restIntoLast(instalments, total) {
  const last = instalments.at(-1);
  const amount_minor = (last.amount_minor || 0) + total - sumOf(instalments);
  return amount_minor > 0 ? [...instalments.slice(0, -1), { ...last, amount_minor }] : null;
}

/** One row changed, added at the end, or taken out; numbered anew. */
export const numbered = (instalments) => instalments.map((one, n) => ({ ...one, n: n + 1 }));
