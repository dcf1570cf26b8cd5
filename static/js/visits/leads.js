// My leads in 我: those brought in, and those that wait on this phone.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { Link } from "../kernel/router.js";
import { Icon } from "../parts/icons.js";
import { recordState } from "../parts/state.js";
import { telLink } from "../parts/tel.js";
import "../customers/pending.js";
import "../words/visits.js";

export function Leads() {
  const leads = docs.one("me").value?.leads || [];
  return html`<section class="sect" aria-label=${t("My leads")}><header><h2>${t("My leads")}</h2></header>
    ${leads.length > 0 && html`<ul class="list">${leads.map((one) => html`<li class="row" key=${one.id}><span class="stack tight"><span class="name">${one.name}</span>
      <span class="sub">${[when(one.at), one.address, one.text].filter(Boolean).join(" · ")}</span>
      ${one.pending && html`<span class="pair"><span class="tag">${recordState(one.command_id)}</span></span>`}</span>
      ${one.phone && html`<a class="icon-btn" href=${telLink(one.phone)} aria-label=${t("Call {name}", { name: one.name })}><${Icon} name="phone" /></a>`}</li>`)}</ul>`}
    <${Link} class="btn soft" href="/app/lead"><${Icon} name="plus" small /> ${t("New lead")}<//></section>`;
}
