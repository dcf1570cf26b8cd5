// The order of "near here". Pure: with a fix by distance, without one by the district in the address.

const PROVINCE = /^.*?(?:省|自治区)/;
const CITY = /^[\u4e00-\u9fff]{2,8}?(?:市|自治州|盟)/;
const DISTRICT = /^[\u4e00-\u9fff]{1,7}?(?:区|县|旗|镇)/;

/** The district an address names: 宁波市江北区…号 → 江北区, else its city; of a Western address the part before the last comma. */
export function districtOf(address) {
  const text = (address || "").normalize("NFKC").replace(/\s+/g, "").replace(PROVINCE, "");
  const city = CITY.exec(text)?.[0] ?? "";
  const district = DISTRICT.exec(text.slice(city.length))?.[0];
  if (district || city) return district || city;
  const parts = (address || "").split(/[,，]/).map((part) => part.trim()).filter(Boolean);
  return parts.length > 1 ? parts.at(-2) : "";
}

const byOverdue = (a, b) => (b.overdue_minor || 0) - (a.overdue_minor || 0) || a.name.localeCompare(b.name, "zh");

/** Groups of `{customer, metres}`: the near ones by distance, then those whose place nobody knows. */
export function byDistance(customers, fix, distance) {
  const known = customers.filter((one) => one.lat && one.lon);
  const near = known.map((customer) => ({ customer, metres: distance(Number(fix.lat), Number(fix.lon), Number(customer.lat), Number(customer.lon)) }))
    .sort((a, b) => a.metres - b.metres || byOverdue(a.customer, b.customer));
  const unknown = customers.filter((one) => !one.lat || !one.lon).sort(byOverdue).map((customer) => ({ customer }));
  return [{ kind: "near", name: "", rows: near }, { kind: "unknown", name: "", rows: unknown }].filter((group) => group.rows.length);
}

/** Groups by district, `first` at the head, the others by what is overdue in them. */
export function byDistrict(customers, first) {
  const groups = new Map();
  for (const customer of [...customers].sort(byOverdue)) {
    const name = districtOf(customer.address);
    groups.set(name, [...(groups.get(name) ?? []), { customer }]);
  }
  const sum = (rows) => rows.reduce((total, { customer }) => total + (customer.overdue_minor || 0), 0);
  const order = ([a, one], [b, other]) => (b === first) - (a === first) || (a === "") - (b === "") || sum(other) - sum(one);
  return [...groups].sort(order).map(([name, rows]) => ({ kind: "district", name, rows }));
}
