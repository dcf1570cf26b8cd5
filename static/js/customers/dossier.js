// One customer on one screen: what is overdue, what to know before asking, the facts, the story.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { Link, navigate } from "../kernel/router.js";
import { Dock, Empty, Skeleton, Top } from "../parts/page.js";
import { Icon } from "../parts/icons.js";
import { Switch } from "../parts/fields.js";
import { Headline, Jump } from "./headline.js";
import { BeforeYouAsk } from "./before.js";
import { Law } from "./law.js";
import { Tasks } from "./tasks.js";
import { NextStep } from "../today/step.js";
import { Invoices } from "./invoices.js";
import { Payments } from "./payments.js";
import { Commitments } from "./commitments.js";
import { Claims, FollowUp } from "./claims.js";
import { Disputes } from "./disputes.js";
import { Contacts } from "./contacts.js";
import { Timeline } from "./timeline.js";
import { Documents } from "./documents.js";
import { CallButton } from "./call.js";
import { Actions } from "./actions.js";
import { Saved } from "../parts/saved.js";
import { Lazy } from "../parts/lazy.js";
import "../words/customers.js";
import "./pending.js";

const panels = () => import("./panels.js");
const thread = () => import("./thread.js");

export default function Dossier({ parts }) {
  const customer = docs.get("customer", parts[1]).value;
  if (!docs.ready.value) return html`<main class="page"><${Top} title=${t("Customer")} /><${Skeleton} rows=${6} /></main>`;
  if (!customer) return html`<main class="page"><${Top} title=${t("Customer")} />
    <${Empty} title=${t("This customer is not on this phone")} text=${t("It may belong to a colleague now. What you saved about it is kept and sent.")}>
      <${Link} class="btn soft" href="/app/customers">${t("Open customers")}<//><//></main>`;
  return html`<main class="page">
    <${Top} title=${customer.name} small=${customer.code}>
      <${Switch} label=${t("Show the customer")} on=${false} onInput=${() => navigate(`/app/customers/${customer.id}/facing`)} />
    <//>
    <${Saved} />
    <${Headline} customer=${customer} />
    <${NextStep} customer=${customer} />
    <${FollowUp} customer=${customer} />
    <${BeforeYouAsk} customer=${customer} />
    <${Law} customer=${customer} />
    <${Tasks} customer=${customer} />
    ${customer.panels && html`<${Lazy} load=${panels} quiet customer=${customer} />`}
    <${Jump} customer=${customer} />
    <${Invoices} customer=${customer} />
    <${Payments} customer=${customer} />
    <${Commitments} customer=${customer} />
    <${Claims} customer=${customer} />
    <${Disputes} customer=${customer} />
    <${Contacts} customer=${customer} />
    ${customer.thread && html`<${Lazy} load=${thread} quiet customer=${customer} />`}
    <${Timeline} customer=${customer} />
    <${Documents} customer=${customer} />
    <${Bottom} customer=${customer} />
  </main>`;
}

function Bottom({ customer }) {
  const [open, setOpen] = useState(false);
  return html`<${Dock}>
    <button type="button" class="btn line" onClick=${() => setOpen(true)}><${Icon} name="more" small /> ${t("More")}</button>
    <${CallButton} customer=${customer} wide=${false} />
    <${Link} class="btn fill grow" href=${`/app/customers/${customer.id}/visit`}><${Icon} name="pin" small /> ${t("Start visit")}<//>
    ${open && html`<${Actions} customer=${customer} onClose=${() => setOpen(false)} />`}
  <//>`;
}
