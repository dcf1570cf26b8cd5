// Above a form, before anybody is rung, written to or visited: what the gate says to this way now, and why. Whatever it says, what has happened is written down.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { nowIso, today, when } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { Link } from "../kernel/router.js";
import { Leave, verdict } from "../gate/keeper.js";
import { STANDING, capped, counts } from "../gate/rules.js";
import { codeWords, noteWords } from "../gate/words.js";

/** How often they were contacted and what the limit is, by the code that a reached limit gives; only where both are known. */
function figures(gate, contact) {
  const { talks, calls, demands } = counts(contact, gate);
  const said = (limit, n, words) => (limit && n ? words : "");
  const rung = contact.channel === "call";
  return {
    calls_today: rung && said(gate.calls_per_day, talks, t("{n} conversations today, the limit is {most}", { n: talks, most: gate.calls_per_day })),
    calls_week: rung && said(gate.calls_per_week, calls, t("{n} calls in seven days, the limit is {most}", { n: calls, most: gate.calls_per_week })),
    too_often: contact.purpose === "demand" && said(gate.demands_per_week, demands, t("{n} demands in seven days, the limit is {most}", { n: demands, most: gate.demands_per_week })),
  };
}

/** What stands in the way of a method now: `{found, cap, known, contact}`; null for one that asks for no money. */
function look(form, customer) {
  const gate = docs.get("customer", customer.id).value?.gate;
  if (!gate || !form.purpose) return null;
  const contact = { channel: form.channel, purpose: form.purpose, method: form.method, at: nowIso(), debtor_id: customer.debtors?.[0]?.id || "" };
  return { gate, contact, found: verdict(customer.id, contact), cap: capped(form.caps, gate.used?.[form.method] || [], today()), known: figures(gate, contact) };
}

export default function Held({ form, customer }) {
  const seen = look(form, customer);
  if (!seen) return null;
  const { gate, contact, found, cap, known } = seen;
  if (found.ok && !cap) {
    const notes = [...found.notes.map((note) => noteWords()[note]), ...Object.values(known).filter(Boolean)];
    return notes.length ? html`<p class="sub held" role="status">${notes.join(" · ")}</p>` : null;
  }
  const words = codeWords(gate);
  const fixed = found.codes.some((code) => STANDING.includes(code));
  const waivable = found.codes.filter((code) => !code.includes("."));
  return html`<section class=${`band held ${fixed ? "alert" : "wait"}`} aria-label=${t("May they be contacted?")}>
    <p role="status"><b>${fixed ? t("Do not contact them this way") : t("Not this way just now")}</b></p>
    <ul class="marks">
      ${found.codes.map((code) => html`<li key=${code}>${words[code]}${known[code] && html`<br /><span class="sub">${known[code]}</span>`}</li>`)}
      ${cap && html`<li key="cap">${t("This way is for {times} in {days} days at most; it was used {used} times.", cap)}</li>`}
    </ul>
    ${found.until && html`<p><b>${t("Free from {at}", { at: when(found.until) })}</b></p>`}
    <p class="sub">${t("If it has happened already, write it down all the same: it is kept, and marked.")}</p>
    ${!fixed && waivable.length > 0 && html`<${Leave} customerId=${customer.id} channel=${contact.channel} codes=${waivable} />`}
    <p><${Link} class="link" href=${`/app/customers/${customer.id}/contacting`}>${t("Rules for this customer")}<//></p>
  </section>`;
}
