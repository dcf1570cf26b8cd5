// A customer's month on the phone: our number beside theirs, what was talked over, steps to tick, promises to support.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { addMonths, today } from "../kernel/dates.js";
import { Link } from "../kernel/router.js";
import { dated } from "../parts/day.js";
import { Dock, Section, Skeleton, Top } from "../parts/page.js";
import { Choice, MoneyField, ProseField, TextField } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import { draftNote, useDraft } from "../parts/draft.js";
import { Saved } from "../parts/saved.js";
import { keep } from "./keep.js";
import { monthOf } from "./pending.js";
import { AddStep, Numbers, Support, Tick } from "./sheets.js";
import "../words/targets.js";

export default function PlanScreen({ customer }) {
  const first = `${today().slice(0, 8)}01`;
  const [month, setMonth] = useState(first);
  const [sheet, setSheet] = useState(null);
  const at = monthOf(customer, month);
  const close = () => setSheet(null);
  const months = [[first, t("This month")], [addMonths(first, 1), t("Next month")]];
  return html`<main class="page">
    <${Top} title=${t("The month's plan")} small=${customer.name} />
    <${Saved} />
    <${Choice} hideLabel label=${t("Month")} shape="seg" value=${month} options=${months} onInput=${setMonth} />
    <${Figures} at=${at} onChange=${() => setSheet({ kind: "numbers" })} />
    <${PayHint} customer=${customer} />
    <${Steps} at=${at} onAdd=${() => setSheet({ kind: "step" })} onTick=${(step) => setSheet({ kind: "tick", step })} />
    <${Measures} at=${at} />
    <${Weak} at=${at} onSupport=${(word) => setSheet({ kind: "support", word })} />
    <${Talked} key=${month} customer=${customer} at=${at} month=${month} />
    ${sheet?.kind === "numbers" && html`<${Numbers} customer=${customer} at=${at} month=${month} onClose=${close} />`}
    ${sheet?.kind === "step" && html`<${AddStep} customer=${customer} month=${month} onClose=${close} />`}
    ${sheet?.kind === "tick" && html`<${Tick} customer=${customer} step=${sheet.step} onClose=${close} />`}
    ${sheet?.kind === "support" && html`<${Support} customer=${customer} word=${sheet.word} onClose=${close} />`}
  </main>`;
}

const or = (minor, currency) => (minor === null || minor === undefined ? "–" : money(minor, currency));

function Figures({ at, onChange }) {
  const wide = at.cash_minor !== null && at.theirs_minor !== null && at.cash_minor > at.theirs_minor;
  return html`<section class="sect" aria-label=${t("Where the month stands")}>
    <dl class="facts">
      <div><dt>${t("Our number, all cash in")}</dt><dd>${or(at.cash_minor, at.currency)}${at.proposed_cash_minor !== null && html`<small>${t("proposed: {amount}", { amount: money(at.proposed_cash_minor, at.currency) })}</small>`}</dd></div>
      <div><dt>${t("Their number")}</dt><dd>${or(at.theirs_minor, at.currency)}${wide && html`<small>${t("{amount} less than ours", { amount: money(at.cash_minor - at.theirs_minor, at.currency) })}</small>`}</dd></div>
      <div><dt>${t("Received")}</dt><dd>${money(at.received_minor, at.currency)}</dd></div>
      <div><dt>${t("Promises by probability")}</dt><dd>${money(at.weighted_minor, at.currency)}</dd></div>
      ${at.gap_minor !== null && html`<div><dt>${at.gap_minor > 0 ? t("Gap") : t("Ahead by")}</dt><dd>${money(Math.abs(at.gap_minor), at.currency)}</dd></div>`}
      <div><dt>${t("Arrears cleared")}</dt><dd>${money(at.cleared_minor, at.currency)}${at.arrears_minor !== null && html`<small>${t("of {amount} to clear", { amount: money(at.arrears_minor, at.currency) })}</small>`}</dd></div>
    </dl>
    <button type="button" class="link" onClick=${onChange}><${Icon} name="pen" small /> ${t("Propose other numbers")}</button>
  </section>`;
}

function PayHint({ customer }) {
  const pay = customer.targets?.pay;
  const told = pay && pick({ zh: pay.hint_zh, en: pay.hint_en });
  return html`<div class="band">${told || t("When do they pay, and who signs?")} <${Link} class="link" href=${`/app/customers/${customer.id}/known`}>${t("How they pay")}<//></div>`;
}

function Steps({ at, onAdd, onTick }) {
  return html`<${Section} id="steps" title=${t("Steps")} side=${at.steps.length ? `${at.steps.filter((one) => one.done_on).length} / ${at.steps.length}` : ""}>
    ${!at.steps.length && html`<p class="sub">${t("No step yet. A plan without steps cannot be published.")}</p>`}
    <ul class="list">${at.steps.map((step) => html`<li class="row" key=${step.id}>
      <span class="stack tight"><span class="name">${step.text}</span>
        <span class=${!step.done_on && step.due_on < today() ? "sub err" : "sub"}>${dated(step.due_on)}${step.owner_name ? ` · ${step.owner_name}` : ""}</span>
        ${step.evidence && html`<span class="sub">“${step.evidence}”</span>`}
        ${step.pending && html`<span class="pair"><span class="tag">${t("Saved on this phone")}</span></span>`}</span>
      ${step.done_on ? html`<span class="tag good">${t("done")}</span>`
        : html`<button type="button" class="btn soft" aria-label=${t("Done: {what}", { what: step.text })} onClick=${() => onTick(step)}>${t("Done")}</button>`}</li>`)}</ul>
    <button type="button" class="btn line block" onClick=${onAdd}><${Icon} name="plus" small /> ${t("Add a step")}</button><//>`;
}

function Measures({ at }) {
  if (!at.measures.length) return null;
  return html`<${Section} id="measures" title=${t("Measures against the gap")}><ul class="list">
    ${at.measures.map((one) => html`<li class="row" key=${one.id}><span class="stack tight"><span class="name">${pick({ zh: one.name_zh, en: one.name_en })}</span>
      <span class="sub">${[one.text, one.owner_name].filter(Boolean).join(" · ")}</span><span class="sub">${dated(one.due_on)}</span></span>
      <span class="right stack tight"><span class="amount">${money(one.actual_minor ?? one.expected_minor, at.currency)}</span><span class="sub">${one.actual_minor === null ? t("expected") : t("brought")}</span></span></li>`)}</ul><//>`;
}

function Weak({ at, onSupport }) {
  const weak = at.promised.filter((one) => one.weak);
  if (!weak.length) return null;
  return html`<${Section} id="weak" title=${t("Promises that need support")}><ul class="list">
    ${weak.map((one) => html`<li class="row" key=${one.id}><span class="stack tight"><span class="name">${money(one.open_minor, at.currency)} · ${dated(one.due_on)}</span>
      ${one.support.map((help) => html`<span class="sub" key=${help.id}>${help.text} · ${dated(help.due_on)}</span>`)}
      <span class="pair"><span class=${one.counts ? "tag wait" : "tag alert"}>${one.counts ? t("weak, helped") : t("weak: not counted")}</span></span></span>
      <button type="button" class="btn soft" onClick=${() => onSupport(one)}>${t("Support it")}</button></li>`)}</ul><//>`;
}

/** What the customer said of the month. Nothing must be filled in; it is kept as a draft while it is written. */
function Talked({ customer, at, month }) {
  const key = `month/${customer.id}/${month}`;
  const fresh = () => ({ theirs_minor: at.theirs_minor, difficulties: at.difficulties, remedy: at.remedy, discussed_with: at.discussed_with });
  const [draft, change, kept] = useDraft(key, fresh);
  const [trouble, setTrouble] = useState("");
  if (!draft) return html`<${Skeleton} rows=${2} />`;
  const people = (customer.contacts || []).map((one) => [one.name, one.name]);
  const submit = async () => setTrouble(await keep("targets.write_plan", null, { customer_id: customer.id, month, currency: at.currency || customer.currency,
    ...draft, theirs_minor: draft.theirs_minor ?? null, discussed_on: today(), reason: "" }, t("What was talked over"), { draft: key }));
  const publish = async () => setTrouble(await keep("targets.publish_plan", null, { customer_id: customer.id, month }, t("The plan is published")));
  return html`<${Section} id="talked" title=${t("Talked over with the customer")} side=${at.discussed_on ? dated(at.discussed_on) : t("never")}>
    <${MoneyField} label=${t("Their number")} minor=${draft.theirs_minor} currency=${customer.currency} onInput=${(theirs_minor) => change({ theirs_minor })} />
    <${ProseField} label=${t("What is difficult for them")} value=${draft.difficulties} onInput=${(difficulties) => change({ difficulties })} />
    <${ProseField} label=${t("What was agreed against it")} value=${draft.remedy} onInput=${(remedy) => change({ remedy })} />
    ${people.length > 0 && html`<${Choice} label=${t("Talked over with whom")} value=${draft.discussed_with} options=${people} clear onInput=${(name) => change({ discussed_with: name || "" })} />`}
    <${TextField} label=${t("Somebody else")} value=${people.some(([name]) => name === draft.discussed_with) ? "" : draft.discussed_with} onInput=${(discussed_with) => change({ discussed_with })} />
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <${Dock} note=${draftNote(kept)}>
      ${at.state !== "published" && at.steps.length > 0 && html`<button type="button" class="btn line" onClick=${publish}>${t("Publish the plan")}</button>`}
      <button type="button" class="btn fill grow" onClick=${submit}>${t("Save what was talked over")}</button><//><//>`;
}
