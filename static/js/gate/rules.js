// The gate before every contact, as the office judges it (fieldsales/collection/gate.py): the same table of cases holds there and here.
const AT_ONCE = ["call", "message", "visit"];
const STOPS = { objection: ["call", "message", "visit", "mail"], asked_to_leave: ["call", "message", "visit"], police: ["call", "message", "visit", "mail", "letter"], no_mail: ["mail"] };
const NOT_PERMITTED = ["third_party", "family", "refused", "left"];
/** What only a person lifts: no day can be named, and but for a dispute no leave can be given. */
export const STANDING = [...Object.keys(STOPS), ...NOT_PERMITTED];
const DAY = 86_400_000;
const WEEK = 7 * DAY;
const STEPS = 24;

const formats = new Map();

/** Date and hour of an instant (ms) at a place. */
function there(ms, zone) {
  if (!formats.has(zone)) {
    formats.set(zone, new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" }));
  }
  const part = Object.fromEntries(formats.get(zone).formatToParts(ms).map(({ type, value }) => [type, value]));
  return { day: `${part.year}-${part.month}-${part.day}`, hour: Number(part.hour), asUtc: Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) };
}

/** The instant (ms) of an hour of a day at a place; the offset is taken twice, for the nights in which clocks are moved. */
function instant(day, hour, zone) {
  const wanted = Date.parse(`${day}T00:00:00Z`) + hour * 3_600_000;
  const first = wanted - (there(wanted, zone).asUtc - wanted);
  return wanted - (there(first, zone).asUtc - first);
}

const next = (day) => new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString().slice(0, 10);

/**
 * Whether a contact may be made: `{ok, codes, waived, notes, until}`; `until` is an ISO instant, null when it is free or a person must lift it.
 * contact: `{channel, at, purpose, contact_id, debtor_id, method}` · facts: the dossier's section `gate`.
 */
export function permit(contact, facts) {
  const at = Date.parse(contact.at);
  const found = Object.keys(inTheWay(contact, at, facts));
  const leave = waived(at, facts);
  const codes = found.filter((code) => !leave.has(code));
  const fixed = codes.some((code) => STANDING.includes(code) || code === "dispute_open");
  const until = codes.length && !fixed ? freeFrom(contact, at, facts) : null;
  return { ok: !codes.length, codes, waived: found.filter((code) => leave.has(code)), notes: notes(contact, at, facts), until: until === null ? null : new Date(until).toISOString() };
}

function freeFrom(contact, from, facts) {
  let at = from;
  for (let step = 0; step < STEPS; step++) {
    const leave = waived(at, facts);
    const ends = Object.entries(inTheWay(contact, at, facts)).filter(([code]) => !leave.has(code)).map(([, end]) => end);
    if (!ends.length) return at;
    if (ends.includes(null)) return null;
    at = Math.max(...ends);
  }
  return null;
}

/** Every code that holds, with the instant its own ground ends (null: a person must end it). */
function inTheWay(contact, at, facts) {
  const { channel, purpose = "demand", contact_id: person, debtor_id: debtor } = contact;
  if (purpose === "service") return {};
  const found = bars({ ...contact, purpose }, at, facts);
  if (purpose === "legal" || channel === "legal") return facts.has_dispute ? { ...found, dispute_open: null } : found;
  for (const { kind } of facts.stops) if (STOPS[kind]?.includes(channel)) found[kind] = null;
  const standing = person ? facts.people[person] : "";
  if (NOT_PERMITTED.includes(standing)) found[standing] = null;
  hours(channel, at, facts, found);
  const ours = facts.made.map((one) => ({ ...one, ms: Date.parse(one.at) })).filter((one) => one.ms <= at && (!one.debtor_id || !debtor || one.debtor_id === debtor)).sort((a, b) => b.ms - a.ms);
  if (channel === "call") calls(at, ours, facts, found);
  if (purpose === "demand") demands(at, ours, facts, found);
  return found;
}

/** What rules of plugins hold back, as the office worked it out for the days ahead; `more`: by which ways this phone has asked for money since. */
function bars({ channel, purpose, method = "" }, at, { bars: all = [], bars_more: beyond = {}, more = [] }) {
  const meant = (one) => one.channel === channel && one.purpose === purpose && (!one.method || one.method === method) && !one.but?.includes(method);
  const stands = (one) => meant(one) && Date.parse(one.since) <= at && (!one.until || at < Date.parse(one.until));
  return Object.fromEntries([...all, ...more.flatMap((way) => beyond[way] || [])].filter(stands).map((one) => [one.code, one.until ? Date.parse(one.until) : null]));
}

/** How often they were contacted, as the limits count it: conversations of the day, calls and demands of seven days, by all of us and by this phone. */
export function counts({ at: iso, debtor_id: debtor }, facts) {
  const at = Date.parse(iso);
  const ours = facts.made.filter((one) => Date.parse(one.at) <= at && (!one.debtor_id || !debtor || one.debtor_id === debtor));
  const week = ours.filter((one) => Date.parse(one.at) > at - WEEK);
  const { day } = there(at, facts.zone);
  const talks = ours.filter((one) => one.channel === "call" && one.effective && there(Date.parse(one.at), facts.zone).day === day);
  return { talks: talks.length, calls: week.filter((one) => one.channel === "call").length, demands: week.filter((one) => one.demand).length };
}

/** The first of a method's own caps that one more use today would go beyond, with how often it was used: `{times, days, used}`; null when it is free. */
export function capped(caps, used, today) {
  const since = (days) => new Date(Date.parse(`${today}T00:00:00Z`) - days * DAY).toISOString().slice(0, 10);
  const counted = (caps || []).map((cap) => ({ ...cap, used: used.filter((on) => on > since(cap.days) && on <= today).length }));
  return counted.find((cap) => cap.used >= cap.times) || null;
}

function hours(channel, at, { from_hour: from, to_hour: to, zone }, found) {
  if (!AT_ONCE.includes(channel)) return;
  const { day, hour } = there(at, zone);
  if (hour < from || hour >= to) found.after_hours = instant(hour < from ? day : next(day), from, zone);
}

function calls(at, made, facts, found) {
  const rung = made.filter((one) => one.channel === "call");
  const talks = rung.filter((one) => one.effective);
  const { day } = there(at, facts.zone);
  if (facts.calls_per_day && talks.filter((one) => there(one.ms, facts.zone).day === day).length >= facts.calls_per_day) found.calls_today = instant(next(day), 0, facts.zone);
  const week = rung.filter((one) => one.ms > at - WEEK);
  if (facts.calls_per_week && week.length >= facts.calls_per_week) found.calls_week = week[facts.calls_per_week - 1].ms + WEEK;
  const quiet = facts.quiet_days * DAY;
  if (quiet && talks.length && talks[0].ms > at - quiet) found.after_talk = talks[0].ms + quiet;
}

function demands(at, made, facts, found) {
  const week = made.filter((one) => one.demand && one.ms > at - WEEK);
  const limit = facts.demands_per_week;
  if (limit && week.length >= limit) found.too_often = week[limit - 1].ms + WEEK;
  if (facts.covered_until && there(at, facts.zone).day <= facts.covered_until) found.promise_open = instant(next(facts.covered_until), 0, facts.zone);
}

const waived = (at, facts) => new Set(facts.waivers.filter((one) => at <= Date.parse(one.until)).flatMap((one) => one.codes).filter((code) => !STANDING.includes(code) && !code.includes(".")));

function notes({ channel, purpose }, at, facts) {
  if (!AT_ONCE.includes(channel) || purpose === "service" || purpose === "legal") return [];
  const { day, hour } = there(at, facts.zone);
  const weekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
  if (!facts.worked.includes(day) && (weekend || facts.off.includes(day))) return ["rest_day"];
  return hour >= facts.work_from && hour < facts.work_to ? [] : ["off_work"];
}
