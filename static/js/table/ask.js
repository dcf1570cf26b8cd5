// How much to ask for: the twin of fieldsales/collection/asks.py, held to the same table of cases. Pure; amounts in minor units.
export const UNIT_BP = 10_000;
const LOWEST_BP = 10_000, HIGHEST_BP = 40_000;

/** The ask for what is hoped for: times the habit (basis points), a figure one can say, never above what is open and undisputed. */
export function askFor(expected, ratio, open) {
  const most = Math.max(open, 0);
  const hoped = Math.min(Math.max(expected, 0), most);
  const ratio_bp = Math.min(Math.max(ratio, LOWEST_BP), HIGHEST_BP);
  const wanted = Math.max(spoken(Number((BigInt(hoped) * BigInt(ratio_bp) + 5_000n) / 10_000n)), hoped);
  return { ask_minor: Math.min(wanted, most), expected_minor: hoped, ratio_bp, open_minor: most, capped: most > 0 && wanted >= most };
}

/** An amount as it is said aloud: its first three digits, half up. */
export function spoken(minor) {
  const step = 10 ** Math.max(String(minor).length - 3, 0);
  return Math.floor((minor + Math.floor(step / 2)) / step) * step;
}

/** What may be asked for at most: open, less what is disputed, less money that is here or on its way. */
export const ceiling = (open, disputed, unapplied, pending = 0) => Math.max(open - disputed - unapplied - pending, 0);

/** The same from a dossier; receipts that wait for finance count as on their way. */
export function ceilingOf({ open_minor: open = 0, disputed_minor: disputed = 0, unapplied_minor: unapplied = 0, receipts = [], currency = "CNY" }) {
  const pending = receipts.filter((one) => (one.currency || currency) === currency).reduce((sum, one) => sum + one.amount_minor, 0);
  return ceiling(open, disputed, unapplied, pending);
}

const CLOSES = 3;

/** What can be hoped for before anybody has said a word: what he closed at lately on the average, else what is overdue, else what is open. */
export function hopedFor(customer) {
  const most = ceilingOf(customer);
  const due = customer.overdue_minor > 0 ? Math.min(customer.overdue_minor, most) : most;
  const closes = (customer.table?.history || []).filter((one) => one.close_minor > 0 && one.currency === customer.currency).slice(0, CLOSES);
  const usual = closes.length ? spoken(Math.floor(closes.reduce((sum, one) => sum + one.close_minor, 0) / closes.length)) : due;
  return Math.min(usual, due);
}
