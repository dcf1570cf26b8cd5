// What should be on the phone for a day without a network, and in which order: today's customers first, then the most overdue.
// Pure: tests/browser/test_day_papers.py asks it in node.

const sealed = (one) => one.state === "sealed" && one.sha256;

/** One customer's bundles: `{base, kind, id}`: sealed papers, then proof of delivery and contracts, then other papers. */
export function papersOf(customer) {
  const papers = (customer.documents || []).filter(sealed).map(({ id }) => ({ base: id, kind: "paper", id }));
  const proofs = (customer.invoices || []).filter((one) => one.open_minor !== 0).flatMap((one) => one.papers || []);
  const scans = [...proofs, ...(customer.papers || [])].filter((one) => !one.pending).map(({ sha256 }) => ({ base: sha256, kind: "photo", id: sha256 }));
  return [...papers, ...scans];
}

export const photosOf = (customer) => (customer.photos || []).map(({ sha256 }) => ({ base: sha256, kind: "photo", id: sha256 }));

/** Everything in the order it is worth its room: all papers first, then photos; within each by customer. */
export function wanted(customers, todays) {
  const rank = new Map(todays.map((id, n) => [id, n]));
  const place = (one) => rank.get(one.id) ?? todays.length;
  const order = [...customers].sort((a, b) => place(a) - place(b) || (b.overdue_minor || 0) - (a.overdue_minor || 0) || a.id.localeCompare(b.id));
  const all = [...order.flatMap(papersOf), ...order.flatMap(photosOf)];
  return [...new Map(all.map((one) => [one.base, one])).values()];
}

/** The name's bundle: `pdf/<id>`, `page/<id>/<n>`, `photo/<sha256>` → id or sha256. */
export const baseOf = (name) => name.split("/")[1];

/** Whether all of a bundle is here. */
export function complete(bundle, list) {
  if (bundle.kind === "paper" && !list[`pdf/${bundle.id}`]) return false;
  const photo = list[`photo/${bundle.id}`];
  if (bundle.kind === "photo" && (!photo || photo.mime !== "application/pdf")) return Boolean(photo);
  const pages = list[`page/${bundle.id}/1`]?.pages;
  return Boolean(pages) && Array.from({ length: pages }, (_, n) => list[`page/${bundle.id}/${n + 1}`]).every(Boolean);
}

/** What must go so that `size` more bytes fit: oldest first, nothing that is worth more than rank `rank`. null: it does not fit. */
export function evicted(list, ranks, rank, size, budget) {
  let over = Object.values(list).reduce((sum, one) => sum + one.size, 0) + size - budget;
  const going = [];
  const older = Object.entries(list).filter(([name]) => (ranks.get(baseOf(name)) ?? Infinity) > rank).sort((a, b) => a[1].at - b[1].at);
  for (const [name, one] of older) {
    if (over <= 0) break;
    going.push(name);
    over -= one.size;
  }
  return over <= 0 ? going : null;
}

/** What must go after the room was made smaller: what is worth least first. */
export function beyond(list, ranks, budget) {
  let over = Object.values(list).reduce((sum, one) => sum + one.size, 0) - budget;
  const rank = ([name]) => ranks.get(baseOf(name)) ?? Infinity;
  const worst = Object.entries(list).sort((a, b) => (rank(a) === rank(b) ? a[1].at - b[1].at : rank(b) - rank(a)));
  return worst.filter(([, one]) => over > 0 && (over -= one.size, true)).map(([name]) => name);
}
