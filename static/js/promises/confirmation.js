// Agreed by word of mouth, not signed: a text that says what was agreed, sent to the customer, and the reply as proof.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { day, today } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { user } from "../kernel/session.js";
import { ProseField } from "../parts/fields.js";
import { Firm } from "../parts/firm.js";
import { Photos } from "../parts/photos.js";
import { Icon } from "../parts/icons.js";
import { shareText } from "../parts/share.js";
import { smsLink } from "../parts/tel.js";

/** The company's accounts a debtor may pay to: of those who sold him what is open, in his currency; else all. */
export function accountsFor(customer, sellers = []) {
  const able = sellers.filter((one) => one.account && (!one.currency || one.currency === (customer.currency || "CNY")));
  const sold = new Set((customer.invoices || []).map((one) => one.seller_id));
  const theirs = able.filter((one) => sold.has(one.id));
  return theirs.length ? theirs : able;
}

/** The words as they would be sent: who, how much, by when, and the company's account. `channel`: how it was agreed. */
export function confirmationText(customer, promise, channel = "visit") {
  const settings = docs.one("settings").value;
  const me = docs.one("me").value;
  const amount = promise.amount_minor ? money(promise.amount_minor, customer.currency) : "____";
  const said = { name: customer.name, today: day(today()), amount, due: promise.due_on ? day(promise.due_on) : "____" };
  const lines = [
    channel === "visit" ? t("To {name}: on {today} we agreed in person that you pay {amount} by {due}.", said) : t("To {name}: on {today} you told us that you pay {amount} by {due}.", said),
    ...accountsFor(customer, settings?.sellers).map((one) => t("Account: {name}, {account}", { name: one.name, account: one.account })),
    t("Please pay only to the company's account. If this is not what was agreed please reply; otherwise please reply “agreed”."),
    [settings?.company?.name || settings?.company || "", me?.name || user.value?.name || ""].filter(Boolean).join(" "),
  ];
  return lines.filter(Boolean).join("\n");
}

export function Confirmation({ draft, change, customer, channel = "visit" }) {
  const [said, setSaid] = useState("");
  const text = draft.confirmation_text || confirmationText(customer, draft.promise, channel);
  const persons = draft.persons || [];
  const phone = (persons.find((one) => one.phone) || (customer.contacts || []).find((one) => one.phone) || customer).phone;
  const sent = () => change({ confirmation_text: text });
  const share = async () => {
    sent();
    setSaid(await shareText(t("What we agreed"), text));
  };
  return html`<div class="stack">
    <${ProseField} label=${t("Confirmation to send")} value=${text} onInput=${(confirmation_text) => change({ confirmation_text })} />
    <${Firm} text=${text} />
    <div class="btns">
      <button type="button" class="btn line grow" onClick=${share}><${Icon} name="share" small /> ${t("Share")}</button>
      ${phone && html`<a class="btn line grow" href=${smsLink(phone, text)} onClick=${sent}><${Icon} name="mail" small /> ${t("Text message")}</a>`}
    </div>
    ${said && html`<p class="sub" role="status">${said}</p>`}
    <${Photos} photos=${draft.proofs} label=${t("Screenshot of the reply")} slot="reply" keepOriginal stored onChange=${(proofs) => change({ proofs })} max=${5} />
  </div>`;
}
