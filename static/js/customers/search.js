// Finding a customer in memory: by name, any two Chinese characters, pinyin or its initials, code, phone, the number of an invoice or paper.

const plain = (text) => (text || "").normalize("NFKC").toLowerCase();
const digits = (text) => (text || "").replace(/\D/g, "");

const indexed = new WeakMap();

/** What a customer can be found by; made once for each version of the doc. */
function index(customer) {
  if (!indexed.has(customer)) {
    const contacts = customer.contacts || [];
    const aliases = Array.isArray(customer.aliases) ? customer.aliases.join(" ") : customer.aliases;
    const words = [customer.name, customer.code, customer.pinyin, aliases, customer.address, ...contacts.map((one) => one.name)];
    const phones = [customer.phone, ...contacts.map((one) => one.phone)].map(digits).join(" ");
    indexed.set(customer, { words: plain(words.join(" ")), phones, numbers: numbersOf(customer) });
  }
  return indexed.get(customer);
}

const LISTS = ["invoices", "plans", "statements", "receipts", "documents"];

function numbersOf(customer) {
  const all = LISTS.flatMap((list) => (customer[list] || []).flatMap((one) => [one.number, one.fapiao_number])).filter(Boolean);
  return [...new Set(all)].map((number) => [bare(number), number]);
}

/** A number as it is read aloud: no hyphens or blanks, capitals as small letters. */
const bare = (text) => plain(text).replace(/[^a-z0-9]/g, "");

/** The invoice or paper whose number was asked for (three signs of it are enough), or "". */
export function numberFound(customer, query) {
  const asked = bare(query);
  return asked.length < 3 ? "" : (index(customer).numbers.find(([number]) => number.includes(asked)) ?? ["", ""])[1];
}

/** Whether every word asked for is found. Spaces part words; digits also look through the phone numbers. */
export function matches(customer, query) {
  const { words, phones } = index(customer);
  const found = plain(query).split(/\s+/).every((word) => words.includes(word) || (/^[\d+-]{3,}$/.test(word) && phones.includes(digits(word))));
  return found || Boolean(numberFound(customer, query));
}

/** Most overdue first; then most open; then by name. */
export const byOverdue = (a, b) => (b.overdue_minor || 0) - (a.overdue_minor || 0) || (b.open_minor || 0) - (a.open_minor || 0) || a.name.localeCompare(b.name, "zh");
