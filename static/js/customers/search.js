// Finding a customer in memory: by name, any two Chinese characters, pinyin or its initials, code, phone.

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
    indexed.set(customer, { words: plain(words.join(" ")), phones });
  }
  return indexed.get(customer);
}

/** Whether every word asked for is found. Spaces part words; digits also look through the phone numbers. */
export function matches(customer, query) {
  const { words, phones } = index(customer);
  return plain(query).split(/\s+/).every((word) => words.includes(word) || (/^[\d+-]{3,}$/.test(word) && phones.includes(digits(word))));
}

/** Most overdue first; then most open; then by name. */
export const byOverdue = (a, b) => (b.overdue_minor || 0) - (a.overdue_minor || 0) || (b.open_minor || 0) - (a.open_minor || 0) || a.name.localeCompare(b.name, "zh");
