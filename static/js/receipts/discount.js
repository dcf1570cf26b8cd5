// The twin of receivables/discount.py: what a bill is worth today. Integers only, half a cent up; the bank's rate comes
// from the office. Pure.
const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86400000);

/** `rate`: {rate_bp100, source} or null. Gives {days, cost_minor, value_minor}, or null when it cannot be said. */
export function trueValue(face, maturesOn, rate, today) {
  if (!rate || !maturesOn || !(face > 0)) return null;
  const left = Math.max(0, days(today, maturesOn));
  const whole = 360n * 1000000n;
  const cost = Number((BigInt(face) * BigInt(left) * BigInt(rate.rate_bp100) * 2n + whole) / (2n * whole));
  return { days: left, cost_minor: cost, value_minor: face - cost };
}
