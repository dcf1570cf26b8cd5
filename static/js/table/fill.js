// A customer's own figures put into the words the office keeps. Pure: how money and days are written is handed in.

/** What a line may name, written out; what there is no figure for is left out. `given`: company, me, today, ask (only where it is said). */
export function figures(customer, given, { money, day }) {
  const { name, open_minor: open = 0, overdue_minor: overdue = 0, disputed_minor: disputed = 0, oldest_due_on: oldest, currency } = customer;
  const sum = (minor) => (minor > 0 ? money(minor, currency) : "");
  const invoices = (customer.invoices || []).filter((one) => one.open_minor > 0);
  const broken = newest((customer.promises || []).filter((one) => ["broken", "partly"].includes(one.state)), "due_on");
  const paid = newest((customer.payments || []).filter((one) => one.amount_minor > 0 && !one.reversed), "received_on");
  const statement = newest(customer.statements || [], "as_of");
  const every = {
    name, company: given.company, me: given.me, today: day(given.today), ask: sum(given.ask || 0),
    open: sum(open), overdue: sum(overdue), undisputed: sum(open - disputed), days: customer.days_past_due || "",
    oldest_on: overdue > 0 && oldest ? day(oldest) : "", invoice: invoices[0]?.number, invoices: invoices.length || "",
    promised: broken && sum(broken.amount_minor), promised_on: broken && day(broken.due_on),
    paid: paid && sum(paid.amount_minor), paid_on: paid && day(paid.received_on),
    statement: statement && sum(statement.agreed_minor), statement_on: statement && day(statement.as_of),
  };
  return Object.fromEntries(Object.entries(every).filter(([, value]) => value));
}

const newest = (list, by) => [...list].filter((one) => one[by]).sort((a, b) => String(b[by]).localeCompare(String(a[by])))[0];

/** A line with its figures, or "" when one of them is not there. */
export function fill(text, known) {
  let whole = true;
  const filled = text.replace(/\{(\w+)\}/g, (_, place) => {
    if (!(place in known)) whole = false;
    return known[place] ?? "";
  });
  return whole ? filled.trim() : "";
}
