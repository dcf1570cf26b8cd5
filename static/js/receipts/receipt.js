// Money at the counter: registered with a numbered receipt; it waits for finance and changes no balance until then.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { paperNumber, uuid7 } from "../kernel/ids.js";
import { nowIso, today } from "../kernel/dates.js";
import { money } from "../kernel/money.js";
import { save } from "../kernel/outbox.js";
import { docs } from "../kernel/docs.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { Choice, DateField, MoneyField, ProseField, TextField } from "../parts/fields.js";
import { Photos, photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDone, useDraft } from "../parts/draft.js";
import { saveTrouble } from "../parts/saved.js";
import { line } from "../plans/seal.js";
import { invoicesBetween } from "../plans/payload.js";
import { Sides, sellers, usualSides } from "../plans/sides.js";
import { Step } from "../visits/step.js";
import { unprintable } from "../documents/printable.js";
import { ReceiptDone } from "./done.js";
import { trueValue } from "./discount.js";
import "../words/receipts.js";
import "../words/plans.js";

export const ways = () => [["cash", t("Cash")], ["transfer", t("Bank transfer")], ["qr", t("Company QR code")], ["bill", t("Acceptance bill")]];

const fresh = (customer, query) => ({
  receipt_id: uuid7(), command_id: uuid7(), amount_minor: null, method: "cash", bill_number: "", bill_acceptor: "", bill_matures_on: null, payer_name: "",
  invoice_numbers: [], received_at: nowIso(), slips: [], note: "", ...usualSides(customer), visit_id: query.visit || null,
});

/** The command as it is sent: RegisterReceipt. */
export function receiptOf(customer, draft) {
  const bill = draft.method === "bill";
  return {
    receipt_id: draft.receipt_id, number: paperNumber("SJ", draft.receipt_id, today()), customer_id: customer.id, debtor_id: draft.debtor_id || null, seller_id: draft.seller_id || null,
    amount_minor: draft.amount_minor, currency: customer.currency || "CNY", method: draft.method,
    bill_number: bill ? line(draft.bill_number) : "", bill_acceptor: bill ? line(draft.bill_acceptor) : "", bill_matures_on: bill ? draft.bill_matures_on || null : null,
    payer_name: line(draft.payer_name), invoice_numbers: draft.invoice_numbers, received_at: draft.received_at, visit_id: draft.visit_id || null,
    slip_sha256: draft.slips.map((one) => one.sha256), note: draft.note || "",
  };
}

export default function ReceiptScreen({ customer, query }) {
  const key = `receipt/${customer.id}`;
  const [draft, change, kept] = useDraft(key, () => fresh(customer, query));
  const [trouble, setTrouble] = useState("");
  const [asked, setAsked] = useState("");
  const [done, setDone] = useDone(`done/${key}`);
  if (done) return html`<${ReceiptDone} customer=${customer} receipt=${done.receipt} commandId=${done.command_id} />`;
  if (!draft || done === undefined) return html`<main class="page"><${Top} title=${t("Register money")} small=${customer.name} /><${Skeleton} /></main>`;
  const submit = async () => {
    if (!draft.amount_minor) {
      setTrouble(t("Write the amount received."));
      return;
    }
    const receipt = receiptOf(customer, draft);
    const rare = unprintable([receipt.payer_name, receipt.bill_number, receipt.bill_acceptor, receipt.note].join(""));
    if (rare.length && asked !== rare.join()) {
      setAsked(rare.join());
      setTrouble(t("These characters cannot be printed: {signs}. Write them another way, or save again: the receipt then prints their numbers.", { signs: rare.join(", ") }));
      return;
    }
    try {
      await settled(key);
      const saved = await save({ command_id: draft.command_id, operation: "receivables.register_receipt", payload: receipt, entity_id: draft.receipt_id, base_rev: customer.rev ?? null,
        blobs: photoBlobs(await recallAll(draft.slips)), draft: key });
      await dropPhotos(draft.slips);
      setDone({ receipt, command_id: saved.command_id });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  const several = (customer.debtors || []).length > 1 || sellers().length > 1;
  const invoices = invoicesBetween(customer, draft.debtor_id, draft.seller_id);
  const toggle = (number) => change({ invoice_numbers: draft.invoice_numbers.includes(number) ? draft.invoice_numbers.filter((one) => one !== number) : [...draft.invoice_numbers, number] });
  return html`<main class="page">
    <${Top} title=${t("Register money")} small=${customer.name} />
    <div class="stack">
      <${MoneyField} label=${t("Amount received")} minor=${draft.amount_minor} currency=${customer.currency} onInput=${(amount_minor) => change({ amount_minor })} />
      <${Choice} label=${t("How it was paid")} value=${draft.method} options=${ways()} onInput=${(method) => change({ method })} />
      ${draft.method === "bill" && html`<div class="band stack">
        <${TextField} label=${t("Bill number")} value=${draft.bill_number} onInput=${(bill_number) => change({ bill_number })} />
        <${TextField} label=${t("Acceptor")} value=${draft.bill_acceptor} onInput=${(bill_acceptor) => change({ bill_acceptor })} />
        <${DateField} label=${t("Matures on")} value=${draft.bill_matures_on} onInput=${(bill_matures_on) => change({ bill_matures_on })} />
        <${Worth} draft=${draft} currency=${customer.currency} />
        <p class="hint">${t("A bill counts once it is honoured.")}</p></div>`}
      <${TextField} label=${t("Who paid")} value=${draft.payer_name} onInput=${(payer_name) => change({ payer_name })} />
      ${several && html`<${Sides} draft=${draft} change=${change} customer=${customer} />`}
    </div>
    ${invoices.length > 0 && html`<${Step} title=${t("For which invoices")} gap=${draft.invoice_numbers.length ? t("{n} chosen", { n: draft.invoice_numbers.length }) : t("the oldest first")}>
      <div>${invoices.slice(0, 12).map((one) => html`<label class="tick" key=${one.id}><input type="checkbox" checked=${draft.invoice_numbers.includes(one.number)} onChange=${() => toggle(one.number)} />
        <span class="num">${one.number}</span><span class="amount">${money(one.open_minor, customer.currency)}</span></label>`)}</div><//>`}
    <${Step} title=${t("Slip or bill")}>
      <${Photos} photos=${draft.slips} label=${t("Photograph the slip")} slot="slip" keepOriginal stored max=${5} onChange=${(slips) => change({ slips })} />
      <${ProseField} label=${t("Remark")} value=${draft.note} onInput=${(note) => change({ note })} /><//>
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <${Dock} note=${draftNote(kept)}>
      <button type="button" class="btn fill fat grow" onClick=${submit}>${t("Save and write the receipt")}</button><//>
  </main>`;
}

/** What the bill is worth today, by the bank's rate: for the rep, before he takes it as if it were cash. */
function Worth({ draft, currency }) {
  const worth = trueValue(draft.amount_minor, draft.bill_matures_on, docs.one("settings").value?.bill_discount, today());
  return worth && html`<p role="status">${t("Worth {value} today: {days} days to maturity cost {cost}.", { value: money(worth.value_minor, currency), days: worth.days, cost: money(worth.cost_minor, currency) })}</p>`;
}
