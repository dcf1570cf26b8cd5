// In the sheet of a visit or a call: what was asked and answered, 未谈款 until something is written; and the way to the table.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Link } from "../kernel/router.js";
import { Icon } from "../parts/icons.js";
import { Step } from "../visits/step.js";
import { Asking, askWords, asksOf } from "./asking.js";

/** `contact`: `{kind, id}` of the visit or call that is being written down. */
export default function AskStep({ customer, contact }) {
  const [open, setOpen] = useState(false);
  const made = asksOf(customer, contact.id);
  return html`<${Step} title=${t("Ask and answer")} gap=${made.length ? "" : t("Payment not discussed")}>
    ${made.map((one) => html`<p key=${one.id}>${askWords(one)} ${one.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</p>`)}
    <div class="btns"><${Link} class="btn line grow" href=${`/app/customers/${customer.id}/table?${contact.kind === "visit" ? "visit" : `kind=${contact.kind}&contact`}=${contact.id}`}><${Icon} name="scale" small /> ${t("At the table")}<//>
      ${!open && !made.length && html`<button type="button" class="btn line grow" onClick=${() => setOpen(true)}>${t("Write down the ask")}</button>`}</div>
    ${open && !made.length && html`<${Asking} open=${true} customer=${customer} contact=${contact} />`}
  <//>`;
}
