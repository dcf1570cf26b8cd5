// Everything else one may do with a customer, in a sheet: money, papers, words, and the plugins' methods.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { Link } from "../kernel/router.js";
import { Sheet } from "../parts/sheet.js";
import { Icon } from "../parts/icons.js";
import "../words/gate.js";

export function actionsFor(customer) {
  const at = `/app/customers/${customer.id}`;
  return [
    ["scale", t("At the table"), `${at}/table`],
    ["wallet", t("Register money"), `${at}/receipt`],
    ["turn", t("The month's plan"), `${at}/month`],
    ["promise", t("Promise to pay"), `${at}/promise`],
    ["pen", t("Repayment plan"), `${at}/plan`],
    ["file", t("Statement of account"), `${at}/statement`],
    ["scale", t("Dispute or set-off"), `${at}/dispute`],
    ["scale", t("Set-off of returns or rebates"), `${at}/setoff`],
    ["eye", t("How they behave"), `${at}/seen`],
    ["note", t("Note"), `${at}/note`],
    ["note", t("Complaint"), `${at}/note?kind=complaint`],
    ["people", t("Lead"), `/app/lead?from=${customer.id}`],
    ["camera", t("Paper for an invoice"), `${at}/paper`],
    ["phone", t("May they be contacted?"), `${at}/contacting`],
  ];
}

/** The plugins' methods, but not one that has no question to ask here, nor a close one where nobody has decided on it. */
const methods = (customer) => docs.all("form").value.filter((form) => form.fields.length > 0 && (!form.close || customer.following?.mode === "close"));

export function Actions({ customer, onClose }) {
  return html`<${Sheet} title=${customer.name} onClose=${onClose}>
    <div class="acts">${actionsFor(customer).map(([icon, words, href]) => html`<${Link} class="btn line" key=${href} href=${href}><${Icon} name=${icon} small /> ${words}<//>`)}</div>
    ${methods(customer).length > 0 && html`<h3>${t("Ways of asking")}</h3>
      <div class="acts">${methods(customer).map((form) => html`<${Link} class="btn line" key=${form.id} href=${`/app/customers/${customer.id}/method/${form.method}`}><${Icon} name="turn" small /> ${pick(form.labels)}<//>`)}</div>`}
  <//>`;
}
