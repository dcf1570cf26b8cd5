// How a customer pays: pay days and who signs, other suppliers, what they can pay, how the basic work stands.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { uuid7 } from "../kernel/ids.js";
import { dated } from "../parts/day.js";
import { Section, Skeleton, Top } from "../parts/page.js";
import { Choice, DateField, MoneyField, ProseField, Several, TextField } from "../parts/fields.js";
import { useDraft } from "../parts/draft.js";
import { Saved } from "../parts/saved.js";
import { keep } from "./keep.js";
import "../words/targets.js";

export default function KnownScreen({ customer }) {
  return html`<main class="page">
    <${Top} title=${t("How they pay")} small=${customer.name} />
    <${Saved} />
    <${PayDays} customer=${customer} /><${Rivals} customer=${customer} />
    <${Potential} customer=${customer} /><${Health} customer=${customer} />
  </main>`;
}

/** A part with its form folded away: what is known stands open, the form opens by a tap. */
function Part({ id, title, side, draftKey, fresh, fields, payload, operation, words, ready = () => true, children }) {
  const [open, setOpen] = useState(false);
  return html`<${Section} id=${id} title=${title} side=${side}>${children}
    ${open ? html`<${PartForm} ...${{ draftKey, fresh, fields, payload, operation, words, ready }} onDone=${() => setOpen(false)} />`
      : html`<button type="button" class="btn line block" onClick=${() => setOpen(true)}>${t("Write down")}</button>`}<//>`;
}

function PartForm({ draftKey, fresh, fields, payload, operation, words, ready, onDone }) {
  const [draft, change] = useDraft(draftKey, () => ({ id: uuid7(), ...fresh() }));
  const [trouble, setTrouble] = useState("");
  if (!draft) return html`<${Skeleton} rows=${2} />`;
  const submit = async () => {
    const wrong = await keep(operation, draft.id, payload(draft), words, { draft: draftKey });
    setTrouble(wrong);
    if (!wrong) onDone();
  };
  return html`<div class="stack">${fields(draft, change)}
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <button type="button" class="btn fill block" disabled=${!ready(draft)} onClick=${submit}>${t("Save")}</button></div>`;
}

const toggled = (list, code) => (list.includes(code) ? list.filter((one) => one !== code) : [...list, code]);
const monthDays = () => ["d5", "d10", "d15", "d20", "d25", "d28", "d31"].map((code) => [code, code === "d31" ? t("last day") : t("the {n}th", { n: code.slice(1) })]);
const weekDays = () => [["w1", t("Mon")], ["w2", t("Tue")], ["w3", t("Wed")], ["w4", t("Thu")], ["w5", t("Fri")]];

function PayDays({ customer }) {
  const pay = customer.targets?.pay || {};
  const told = pick({ zh: pay.hint_zh, en: pay.hint_en });
  const days = pick({ zh: pay.days_zh, en: pay.days_en });
  const fresh = () => ({ run_days: pay.run_days || [], cash_days: pay.cash_days || [], approver_name: pay.approver_name || "", approver_role: pay.approver_role || "", note: pay.note || "" });
  const people = (customer.contacts || []).map((one) => [one.name, one.name]);
  const fields = (draft, change) => html`
    <${Several} label=${t("Pay-run, day of the month")} values=${draft.run_days} options=${monthDays()} onToggle=${(code) => change({ run_days: toggled(draft.run_days, code) })} />
    <${Several} label=${t("Pay-run, day of the week")} values=${draft.run_days} options=${weekDays()} onToggle=${(code) => change({ run_days: toggled(draft.run_days, code) })} />
    <${Several} label=${t("Days with cash")} values=${draft.cash_days} options=${[...weekDays(), ...monthDays()]} onToggle=${(code) => change({ cash_days: toggled(draft.cash_days, code) })} />
    ${people.length > 0 && html`<${Choice} label=${t("Who signs for payments")} value=${draft.approver_name} options=${people} clear onInput=${(name) => change({ approver_name: name || "" })} />`}
    <${TextField} label=${people.length ? t("Somebody else") : t("Who signs for payments")} value=${people.some(([name]) => name === draft.approver_name) ? "" : draft.approver_name} onInput=${(approver_name) => change({ approver_name })} />
    <${TextField} label=${t("What they are")} value=${draft.approver_role} onInput=${(approver_role) => change({ approver_role })} />`;
  return html`<${Part} id="pay" title=${t("When they pay")} draftKey=${`pay/${customer.id}`} fresh=${fresh} fields=${fields} operation="targets.note_pay_days" words=${t("Pay days")}
    payload=${({ id, ...rest }) => ({ calendar_id: id, customer_id: customer.id, ...rest })}>
    <p class="sub">${told || days || (pay.pending ? t("Saved on this phone") : t("Not known yet."))}</p><//>`;
}

function Rivals({ customer }) {
  const rivals = customer.targets?.rivals || [];
  const fields = (draft, change) => html`
    <${TextField} label=${t("Who")} value=${draft.supplier} onInput=${(supplier) => change({ supplier })} />
    <${MoneyField} label=${t("What they took")} minor=${draft.took_minor} currency=${customer.currency} onInput=${(took_minor) => change({ took_minor })} />
    <${ProseField} label=${t("In words")} value=${draft.words} onInput=${(words) => change({ words })} />`;
  return html`<${Part} id="rivals" title=${t("Other suppliers")} draftKey=${`rival/${customer.id}`} fresh=${() => ({ supplier: "", took_minor: null, words: "" })} fields=${fields} ready=${(draft) => draft.supplier.trim()}
    operation="targets.note_rival" words=${t("Other supplier")} payload=${({ id, took_minor, ...rest }) => ({ sighting_id: id, customer_id: customer.id, currency: customer.currency, took_minor: took_minor || null, ...rest })}>
    <ul class="list">${rivals.map((one) => html`<li class="row" key=${one.id}><span class="stack tight"><span class="name">${one.supplier}</span><span class="sub">${dated(one.seen_on)}</span></span>
      <span class="amount">${one.took_minor ? money(one.took_minor, one.currency) : ""}</span></li>`)}</ul><//>`;
}

const PARTS = ["cash", "stock", "sales", "downstream", "others"];
const partWords = (part) => ({ cash: t("Cash and credit at hand"), stock: t("Stock on hand"), sales: t("Sales of a usual month"), downstream: t("Their customers owe them"), others: t("What other suppliers take") }[part]);

function Potential({ customer }) {
  const known = customer.targets?.potential;
  const fresh = () => ({ ...Object.fromEntries(PARTS.map((part) => [`${part}_minor`, known?.[`${part}_minor`] ?? null])), season: known?.season || "normal", downstream_on: known?.downstream_on || null, sources: known?.sources || "" });
  const fields = (draft, change) => html`
    ${PARTS.map((part) => html`<${MoneyField} key=${part} label=${partWords(part)} minor=${draft[`${part}_minor`]} currency=${customer.currency} onInput=${(minor) => change({ [`${part}_minor`]: minor })} />`)}
    <${Choice} label=${t("Season")} shape="seg" value=${draft.season} options=${[["low", t("low")], ["normal", t("normal")], ["high", t("high")]]} onInput=${(season) => change({ season })} />
    <${DateField} label=${t("Their customers pay on")} value=${draft.downstream_on} onInput=${(downstream_on) => change({ downstream_on })} />
    <${ProseField} label=${t("Where the cash comes from")} value=${draft.sources} onInput=${(sources) => change({ sources })} />`;
  const or = (minor) => (minor === null || minor === undefined ? "–" : money(minor, known.currency));
  return html`<${Part} id="potential" title=${t("What they can pay")} draftKey=${`potential/${customer.id}`} fresh=${fresh} fields=${fields} operation="targets.write_potential" words=${t("What they can pay")}
    payload=${({ id, ...rest }) => ({ sheet_id: id, customer_id: customer.id, currency: customer.currency, ...rest })}>
    ${known && html`<dl class="lines">${known.lines.map((line) => html`<div key=${line.code}><dt>${pick(line)}</dt><dd class="num">${money(line.minor, known.currency)}</dd></div>`)}
      <div class="sum"><dt>${t("Can pay this month")}</dt><dd class="num">${or(known.can_minor)}</dd></div>
      <div><dt>${t("Will pay, by how they keep their word")}</dt><dd class="num">${or(known.will_minor)}</dd></div>
      ${known.when && html`<div><dt>${t("When")}</dt><dd>${dated(known.when)}</dd></div>`}</dl>`}
    ${known?.unknown.length > 0 && html`<p class="sub">${t("Not known: {what}", { what: known.unknown.map((one) => pick(one)).join(t(", ")) })}</p>`}<//>`;
}

function Health({ customer }) {
  const known = customer.targets?.health;
  const items = [["sells", t("Our goods sell there")], ["stock_moves", t("Our stock there moves")], ["quality_clear", t("Quality questions are settled")], ["promotion_runs", t("A promotion ran this quarter")],
    ["promoters_able", t("Promoters can sell the goods")], ["outlets_served", t("The outlets are served")], ["downstream_pays", t("Their customers pay them")], ["display_good", t("Our goods are shown well")],
    ["price_holds", t("The price holds")], ["margin_enough", t("They earn enough on our goods")], ["service_answers", t("Complaints were answered")]];
  const marks = [["good", t("yes")], ["weak", t("in part")], ["bad", t("no")]];
  const fields = (draft, change) => html`${items.map(([code, words]) => html`<${Choice} key=${code} label=${words} shape="seg" value=${draft.answers[code]} options=${marks} clear
      onInput=${(mark) => change(({ answers }) => ({ answers: Object.fromEntries(Object.entries({ ...answers, [code]: mark }).filter(([, one]) => one)) }))} />`)}
    <${ProseField} label=${t("Note")} value=${draft.note} onInput=${(note) => change({ note })} />`;
  return html`<${Part} id="health" title=${t("Basic work")} side=${known && known.score !== null ? `${known.score} / 100` : ""} draftKey=${`health/${customer.id}`} fields=${fields} ready=${(draft) => Object.keys(draft.answers).length}
    fresh=${() => ({ answers: known?.answers || {}, note: "" })} operation="targets.check_health" words=${t("Basic work")} payload=${({ id, ...rest }) => ({ check_id: id, customer_id: customer.id, ...rest })}>
    ${known?.causes.length > 0 && html`<p class="sub">${t("Not yet so: {what}", { what: known.causes.map((one) => pick(one)).join(t(", ")) })}</p>`}<//>`;
}
