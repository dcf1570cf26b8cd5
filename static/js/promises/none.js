// 没有承诺: they were asked and promised nothing. Why, in whose words, and when to ask again; nothing of it obligatory.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { today } from "../kernel/dates.js";
import { Choice, DateField, ProseField, TextField } from "../parts/fields.js";
import { quickDays } from "../visits/next.js";
import "../words/judgement.js";

export const noReasons = () => [["refused", t("Refused outright")], ["evasive", t("Would not name a day or a sum")], ["no_money", t("Says there is no money")],
  ["waits_for_others", t("Waits for their own customers")], ["disputed", t("Contests goods or account")], ["absent", t("Whoever decides was away")],
  ["no_authority", t("Cannot decide")], ["other", t("Another reason")]];

/** The record as it is sent. */
export function noPromiseOf(customer, value, { no_promise_id, visit_id = null, channel = "visit" }) {
  const line = (text) => (text || "").replace(/\s+/g, " ").trim().slice(0, 120);
  return { no_promise_id, customer_id: customer.id, reason: value.reason || "not_said", words: value.words || "", person_name: line(value.promisor_name),
    person_role: line(value.promisor_role), channel, visit_id, ask_again_on: value.ask_again_on || null };
}

export function NoneFields({ value, change, customer }) {
  const known = customer.contacts || [];
  const who = (name) => change({ promisor_name: name || "", promisor_role: known.find((one) => one.name === name)?.role || "" });
  return html`<div class="stack">
    <${Choice} label=${t("Why not")} value=${value.reason} options=${noReasons()} clear onInput=${(reason) => change({ reason: reason || "" })} />
    <${ProseField} label=${t("In their words")} value=${value.words} onInput=${(words) => change({ words })} />
    ${known.length > 0 && html`<${Choice} label=${t("Who was asked")} value=${value.promisor_name} options=${known.map((one) => [one.name, one.name])} clear onInput=${who} />`}
    <${TextField} label=${known.length ? t("Somebody else") : t("Who was asked")} value=${known.some((one) => one.name === value.promisor_name) ? "" : value.promisor_name}
      onInput=${(promisor_name) => change({ promisor_name, promisor_role: "" })} />
    <${Choice} label=${t("When to ask again")} value=${value.ask_again_on} options=${quickDays()} clear onInput=${(ask_again_on) => change({ ask_again_on })} />
    <${DateField} hideLabel label=${t("Another day")} value=${value.ask_again_on} min=${today()} onInput=${(ask_again_on) => change({ ask_again_on })} />
  </div>`;
}
