// Who is there, and where: ring, mail, or have the way shown.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Section } from "../parts/page.js";
import { Icon } from "../parts/icons.js";
import { mapLinks } from "../parts/share.js";
import { telLink } from "../parts/tel.js";

export function Contacts({ customer }) {
  const { contacts = [], debtors = [], address, phone, owner, helpers = [] } = customer;
  const maps = mapLinks(customer);
  return html`<${Section} id="contacts" title=${t("Contacts")}>
    <ul class="list">
      ${contacts.map((one) => html`<li class="row" key=${one.id}><span><span class="name">${one.name}</span> ${one.role && html`<span class="sub">${one.role}</span>`}
          <br /><span class="sub num">${[one.phone, one.email].filter(Boolean).join(" · ")}</span></span>
        <span>${one.phone && html`<a class="icon-btn" href=${telLink(one.phone)} aria-label=${t("Call {name}", { name: one.name })}><${Icon} name="phone" /></a>`}
          ${one.email && html`<a class="icon-btn" href=${`mailto:${one.email}`} aria-label=${t("Write to {name}", { name: one.name })}><${Icon} name="mail" /></a>`}</span></li>`)}
      ${phone && html`<li class="row"><span><span class="name">${t("Main number")}</span><br /><span class="sub num">${phone}</span></span>
        <a class="icon-btn" href=${telLink(phone)} aria-label=${t("Call the main number")}><${Icon} name="phone" /></a></li>`}
      ${(address || maps.length > 0) && html`<li class="row"><span><span class="name">${address || t("Place on the map")}</span></span>
        <span class="btns">${maps.map((one) => html`<a class="link" key=${one.name} href=${one.href} target="_blank" rel="noopener"><${Icon} name="pin" small /> ${one.name}</a>`)}</span></li>`}
      ${debtors.map((one) => html`<li class="row" key=${one.id}><span><span class="name">${one.name}</span><br /><span class="sub">${[debtorWords(one.kind), one.reg_no].filter(Boolean).join(" · ")}</span></span></li>`)}
    </ul>
    ${owner && html`<p class="sub">${t("Looked after by {name}", { name: [owner.name, ...helpers.map((one) => one.name || one)].join("、") })}</p>`}
  <//>`;
}

export const debtorWords = (kind) => ({ company: t("Company"), sole_trader: t("Sole trader"), person: t("Person") }[kind] || kind);
