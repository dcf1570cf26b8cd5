// 结果: eight outcomes; each opens what belongs to it, nothing of it obligatory.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Link } from "../kernel/router.js";
import { Choice, TextField } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import { PromiseFields } from "../promises/fields.js";
import { Confirmation } from "../promises/confirmation.js";
import { DisputeFields } from "../customers/dispute_fields.js";
import { Step } from "./step.js";
import { outcomes } from "./words.js";

export function OutcomeStep({ draft, change, customer }) {
  const at = `/app/customers/${customer.id}`;
  const { outcome } = draft;
  const write = (part) => change((now) => ({ promise: { ...now.promise, ...part } }));
  const promise = html`<${PromiseFields} value=${draft.promise} change=${write} customer=${customer} persons=${draft.persons} proofs=${draft.proofs} />`;
  const confirmation = html`<${Confirmation} draft=${draft} change=${change} customer=${customer} />`;
  return html`<${Step} title=${t("Outcome")} gap=${!outcome && t("not chosen")}>
    <${Choice} hideLabel shape="chips two" label=${t("Outcome")} value=${outcome} options=${outcomes()} onInput=${(value) => change({ outcome: value })} clear />
    ${outcome === "promised" && html`<div class="band stack"><h3>${t("What was promised")}</h3>${promise}${draft.promise.amount_minor > 0 && confirmation}</div>`}
    ${outcome === "oral_only" && html`<div class="band stack"><h3>${t("What was agreed by word of mouth")}</h3>${promise}
      ${confirmation}</div>`}
    ${outcome === "absent" && html`<div class="band stack">
      <${TextField} label=${t("Whom you came to see")} value=${draft.absent_person} onInput=${(absent_person) => change({ absent_person })} />
      <p class="hint">${t("Note above whom you met instead, and below when to come again.")}</p>
      <${Link} class="btn soft" href="/app/near"><${Icon} name="pin" small /> ${t("Customers near here")}<//></div>`}
    ${outcome === "set_off_asked" && html`<div class="band stack"><h3>${t("Request to the manager")}</h3>
      <${DisputeFields} value=${draft.dispute} change=${(part) => change((now) => ({ dispute: { ...now.dispute, ...part } }))} customer=${customer} kinds=${["return", "rebate", "price", "quality"]} />
      <p class="hint">${t("No balance changes before an approved credit note.")}</p></div>`}
    ${outcome === "paid" && html`<${Link} class="btn soft" href=${`${at}/receipt?visit=${draft.visit_id}`}><${Icon} name="wallet" small /> ${t("Register the money")}<//>`}
    ${outcome === "account_differs" && html`<${Link} class="btn soft" href=${`${at}/statement?visit=${draft.visit_id}`}><${Icon} name="file" small /> ${t("Sign a statement of account")}<//>`}
  <//>`;
}
