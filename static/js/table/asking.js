// One asking: what is hoped for, what to name, what they offered, what was agreed. Nothing of it obligatory; for us alone.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { headline, money } from "../kernel/money.js";
import { docs } from "../kernel/docs.js";
import { save } from "../kernel/outbox.js";
import { Choice, MoneyField, TextField } from "../parts/fields.js";
import { settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import { askFor, ceilingOf, hopedFor, UNIT_BP } from "./ask.js";
import "../words/table.js";

export const answers = () => [
  ["promised", t("Agreed to pay")], ["paid", t("Paid at once")], ["counter", t("Offered another sum")],
  ["excuse", t("Gave a reason")], ["refused", t("Refused")], ["none", t("No answer yet")],
];
const AGREED = ["promised", "paid"];
const fresh = () => ({ command_id: uuid7(), ask_id: uuid7(), expected_minor: null, ask_minor: null, counters: [], answer: "none", close_minor: null, words: "" });

/** This customer's ratio of ask to close, basis points: his own habit, else the house's. */
export const ratioOf = (customer) => customer.table?.ratio_bp ?? docs.one("settings").value?.ask_bp ?? UNIT_BP;

/** The ask that stands for a customer before anything was typed. */
export const standingAsk = (customer) => askFor(hopedFor(customer), ratioOf(customer), ceilingOf(customer));

/** What was asked and answered, in a line: `要 18万 · 答应付款 10万`. */
export function askWords(one) {
  const answer = answers().find(([code]) => code === one.answer)?.[1] || "";
  const close = one.close_minor > 0 ? headline(one.close_minor, one.currency) : "";
  return [t("Asked {amount}", { amount: headline(one.ask_minor, one.currency) }), [answer, close].filter(Boolean).join(" ")].filter(Boolean).join(" · ");
}

/** Askings of one contact, the newest first. */
export const asksOf = (customer, contactId) => (customer.table?.history || []).filter((one) => one.contact_id && one.contact_id === contactId);

/** `contact`: `{kind, id}` of the visit or call it belongs to; id "" when it stands alone. */
export function Asking({ customer, contact = { kind: "other", id: "" }, open = false }) {
  const made = asksOf(customer, contact.id);
  const [again, setAgain] = useState(open);
  const why = customer.table?.pays_himself && pick({ zh: customer.table.why_zh, en: customer.table.why_en });
  if (!again) return html`<div class="stack">
    ${made.map((one) => html`<p key=${one.id}>${askWords(one)} ${one.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</p>`)}
    ${why ? !made.length && html`<p class="band good">${why}</p>` : html`<${Suggested} customer=${customer} ask=${standingAsk(customer)} />`}
    ${ceilingOf(customer) > 0 && html`<div class="btns"><button type="button" class="btn line grow" onClick=${() => setAgain(true)}>${made.length ? t("Ask again") : why ? t("Ask all the same") : t("Write down the ask")}</button></div>`}</div>`;
  return html`<${Form} key=${made.length} customer=${customer} contact=${contact} onSaved=${() => setAgain(false)} />`;
}

function Form({ customer, contact, onSaved }) {
  const key = `ask/${customer.id}/${contact.id}`;
  const [draft, change] = useDraft(key, fresh);
  const [trouble, setTrouble] = useState("");
  if (!draft) return null;
  const most = ceilingOf(customer);
  const hoped = draft.expected_minor ?? hopedFor(customer);
  const ask = askFor(hoped, ratioOf(customer), most);
  const asked = draft.ask_minor ?? ask.ask_minor;
  const submit = async () => {
    if (!(asked > 0)) {
      setTrouble(t("Write what you asked for."));
      return;
    }
    try {
      await settled(key);
      const payload = {
        ask_id: draft.ask_id, customer_id: customer.id, contact_kind: contact.kind, contact_id: contact.id, currency: customer.currency || "CNY",
        expected_minor: hoped, ratio_bp: draft.ask_minor === null ? ask.ratio_bp : 0, ask_minor: asked, counters: draft.counters.filter((one) => one !== null),
        answer: draft.answer, close_minor: AGREED.includes(draft.answer) ? draft.close_minor : null, words: draft.words,
      };
      const saved = await save({ command_id: draft.command_id, operation: "collection.record_ask", payload, entity_id: draft.ask_id, draft: key });
      saySaved(t("Ask and answer"), saved.command_id);
      change(fresh);
      onSaved();
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<div class="stack">
    <${MoneyField} label=${t("What you hope for")} minor=${hoped} currency=${customer.currency} onInput=${(expected_minor) => change({ expected_minor, ask_minor: null })} />
    <${Suggested} customer=${customer} ask=${ask} />
    <${MoneyField} label=${t("What you asked for")} minor=${asked} currency=${customer.currency} onInput=${(ask_minor) => change({ ask_minor })}
      error=${asked > most ? t("More than is open and undisputed: {amount} at most.", { amount: money(most, customer.currency) }) : ""} />
    <${Offers} customer=${customer} counters=${draft.counters} onInput=${(counters) => change({ counters })} />
    <${Choice} label=${t("Their answer")} value=${draft.answer} options=${answers()} onInput=${(answer) => change({ answer })} />
    ${AGREED.includes(draft.answer) && html`<${MoneyField} label=${t("Agreed at")} minor=${draft.close_minor} currency=${customer.currency} onInput=${(close_minor) => change({ close_minor })} />`}
    <${TextField} kind="words" label=${t("In their words")} value=${draft.words} onInput=${(words) => change({ words })} max=${400} />
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <button type="button" class="btn soft block" onClick=${submit}>${t("Save the ask")}</button>
  </div>`;
}

function Suggested({ customer, ask }) {
  if (!ask.ask_minor) return html`<p class="sub">${t("Nothing open and undisputed to ask for.")}</p>`;
  const times = (ask.ratio_bp / UNIT_BP).toFixed(2).replace(/0$/, "");
  const closes = customer.table?.own_closes || 0;
  const from = closes ? t("their own habit, closes: {n}", { n: closes }) : t("as the house closes");
  return html`<div class="stack tight ask-sum"><p class="sub">${t("The ask")}</p><p class="huge num">${headline(ask.ask_minor, customer.currency)}</p>
    <p class="sub">${ask.capped ? t("All that is open and undisputed.") : t("{amount} × {times}, {from}", { amount: headline(ask.expected_minor, customer.currency), times, from })}</p></div>`;
}

/** Their offers and our asks after the first, in turn. */
function Offers({ customer, counters, onInput }) {
  const set = (n, minor) => onInput(counters.map((one, at) => (at === n ? minor : one)));
  return html`<div class="stack">
    ${counters.map((one, n) => html`<${MoneyField} key=${n} small label=${n % 2 ? t("Then you asked") : t("They offered")} minor=${one} currency=${customer.currency} onInput=${(minor) => set(n, minor)} />`)}
    ${counters.length < 20 && html`<div class="btns"><button type="button" class="btn line" onClick=${() => onInput([...counters, null])}>${counters.length % 2 ? t("Your next ask") : t("An offer of theirs")}</button></div>`}
  </div>`;
}
