// The receipt as it is handed to the customer: numbered, shared at once, honest about what is still to be confirmed.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { fullDay, today } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { user } from "../kernel/session.js";
import { Link } from "../kernel/router.js";
import { Dock, Top } from "../parts/page.js";
import { Icon } from "../parts/icons.js";
import { recordState } from "../parts/state.js";
import { shareText } from "../parts/share.js";
import { zhAmount } from "../plans/words.js";
import { locale } from "../kernel/words.js";
import { ways } from "./receipt.js";

/** The receipt in words. Only the company's account is named, and that it counts once it is in the books. */
export function receiptText(customer, receipt) {
  const settings = docs.one("settings").value;
  const seller = (settings?.sellers || []).find((one) => one.id === receipt.seller_id);
  const by = docs.one("me").value?.name || user.value?.name || "";
  const amount = money(receipt.amount_minor, receipt.currency);
  const how = ways().find(([code]) => code === receipt.method)[1];
  return [
    t("Receipt {number}", { number: receipt.number }),
    t("Received from {name}: {amount}", { name: customer.name, amount: locale.value === "zh" ? `${amount}（人民币${zhAmount(receipt.amount_minor)}）` : amount }),
    t("By {how} on {day}", { how, day: fullDay(today()) }),
    receipt.method === "bill" ? t("Bill {number}, acceptor {acceptor}", { number: receipt.bill_number || "—", acceptor: receipt.bill_acceptor || "—" }) : "",
    receipt.invoice_numbers.length ? t("For {numbers}", { numbers: receipt.invoice_numbers.join("、") }) : "",
    receipt.method === "bill" ? t("Counts once the bill is honoured.") : t("Counts once it has reached the company's account."),
    seller?.account ? t("Pay only to the company's account: {account}", { account: `${seller.name} ${seller.account}` }) : "",
    [seller?.name || "", by].filter(Boolean).join(" · "),
  ].filter(Boolean).join("\n");
}

export function ReceiptDone({ customer, receipt, commandId }) {
  const [said, setSaid] = useState("");
  const text = receiptText(customer, receipt);
  const share = async () => setSaid(await shareText(t("Receipt {number}", { number: receipt.number }), text));
  return html`<main class="page">
    <${Top} title=${t("Receipt")} small=${customer.name} />
    <section class="stack">
      <p class="band good" role="status"><b class="num">${receipt.number}</b>${recordState(commandId)}</p>
      <p class="huge num">${money(receipt.amount_minor, receipt.currency)}</p>
      <p class="band wait">${t("Waiting for finance. Balance and promises change once it is confirmed.")}</p>
      <article class="paper">${text}</article>
      <button type="button" class="btn soft block" onClick=${share}><${Icon} name="share" small /> ${t("Share the receipt")}</button>
      ${said && html`<p class="sub" role="status">${said}</p>`}
      ${receipt.method === "cash" && html`<p class="hint">${t("Hand the cash in within 24 hours; it stands under Me until then.")}</p>`}
    </section>
    <${Dock}><${Link} class="btn fill fat grow" href=${`/app/customers/${customer.id}`} replace>${t("Back to the customer")}<//><//>
  </main>`;
}
