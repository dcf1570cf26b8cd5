// Texts of a method: drafted with the case's own figures, looked through, and handed on by the phone's own apps once the gate allows it.
import { html, useEffect, useState } from "../kernel/ui.js";
import { locale, pick, t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { today } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { user } from "../kernel/session.js";
import { ProseField } from "../parts/fields.js";
import { Firm } from "../parts/firm.js";
import { Icon } from "../parts/icons.js";
import { mark } from "../parts/pity.js";
import { copyText, shareText } from "../parts/share.js";
import { smsLink } from "../parts/tel.js";
import { drafts, nextText } from "./drafted.js";
import "../words/texts.js";

/** Every text of the form that can be filled for this customer, by name, in the person's language. */
function filled(form, customer) {
  const settings = docs.one("settings").value || {};
  const zh = locale.value === "zh";
  const sellers = new Set((customer.invoices || []).map((one) => one.seller_id));
  const seller = (settings.sellers || []).find((one) => sellers.has(one.id));
  const company = seller?.name || (zh ? settings.company : settings.company_en || settings.company);
  const given = { company, me: docs.one("me").value?.name || user.value?.name || "", today: today() };
  return drafts(form.texts || [], customer, given, { money, zh });
}

/** What must not leave: the words as they stand there, and why. */
export function never(text) {
  const list = docs.one("settings").value?.never || [];
  const why = new Map(list.map((one) => [one.phrase, one]));
  return mark(text || "", list.map((one) => ({ phrase: one.phrase, instead: one.phrase }))).map((one) => ({ found: one.found, why: pick(why.get(one.instead)) }));
}

/** The text itself: drafted anew when another tone is chosen, unless somebody has changed it. */
export default function Drafted({ field, form, customer, values, set, error }) {
  const known = filled(form, customer);
  const chosen = values[field.draft] || Object.keys(known)[0];
  const text = values[field.name];
  useEffect(() => {
    const next = nextText(known, chosen, text);
    if (next !== text) set(field.name, next);
    if (!values[field.draft] && chosen) set(field.draft, chosen);
  }, [chosen]);
  return html`<div class="stack tight">
    <${ProseField} label=${pick(field.labels)} hint=${pick(field.hint || {})} value=${text} error=${error} max=${field.maximum || 600} rows=${7} onInput=${(now) => set(field.name, now)} />
    <${Firm} text=${text} /><${Never} text=${text} /></div>`;
}

function Never({ text }) {
  const found = never(text);
  if (!found.length) return null;
  return html`<div class="band alert" role="alert"><p><b>${t("This must not be sent:")}</b></p>
    ${found.map((one) => html`<p key=${one.found}><mark>${one.found}</mark> ${one.why}</p>`)}</div>`;
}

/** Under the choice of the way: hands the text on by the phone's share sheet, its clipboard or its text messages. */
export function Handing({ field, form, customer, values }) {
  const [said, setSaid] = useState("");
  const way = field.choices.find((one) => one.value === values[field.name])?.opens;
  const text = values[form.fields.find((one) => one.draft)?.name] || "";
  if (!way || !text) return null;
  const blocked = never(text).length > 0;
  const number = values[form.fields.find((one) => one.type === "phone")?.name] || (customer.contacts || []).find((one) => one.phone)?.phone || customer.phone;
  const asked = (go) => import("../gate/keeper.js").then(({ ask }) => ask(customer.id, { channel: "message", method: form.method }, go), go);
  const by = (hand) => () => asked(async () => setSaid(await hand()));
  const share = by(() => shareText(pick(form.labels), text));
  const copy = by(() => copyText(text));
  const sms = by(() => (location.assign(smsLink(number, text)), t("Opened in text messages. Send it there, then save here.")));
  return html`<div class="stack tight">
    <div class="btns">
      ${way === "share" && html`<button type="button" class="btn line grow" disabled=${blocked} onClick=${share}><${Icon} name="share" small /> ${t("Share")}</button>
        <button type="button" class="btn line grow" disabled=${blocked} onClick=${copy}>${t("Copy")}</button>`}
      ${way === "sms" && number && html`<button type="button" class="btn line grow" disabled=${blocked} onClick=${sms}><${Icon} name="mail" small /> ${t("Text message")} ${number}</button>`}
    </div>
    ${said && html`<p class="sub" role="status">${said}</p>`}</div>`;
}
