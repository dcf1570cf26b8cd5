// Who is there, and where: ring, text, mail, or have the way shown; a contact is corrected here too.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Link } from "../kernel/router.js";
import { Section } from "../parts/page.js";
import { Icon } from "../parts/icons.js";
import { Lazy } from "../parts/lazy.js";
import { smsLink } from "../parts/tel.js";
import { CallLink } from "./call.js";
import { standings } from "../gate/words.js";

const maps = () => import("../parts/mapsheet.js");

/** A text message asks the gate first, as a call does. */
function textOnly(event, customer, contact_id, phone) {
  event.preventDefault();
  const go = () => location.assign(smsLink(phone, ""));
  import("../gate/keeper.js").then(({ ask }) => ask(customer.id, { channel: "message", contact_id }, go), go);
}

export function Contacts({ customer }) {
  const [open, setOpen] = useState(false);
  const { contacts = [], debtors = [], address, phone, owner, helpers = [], lat } = customer;
  const at = `/app/customers/${customer.id}/contact`;
  return html`<${Section} id="contacts" title=${t("Contacts")}>
    <ul class="list">
      ${contacts.map((one) => html`<${Contact} key=${one.id} one=${one} customer=${customer} at=${at} />`)}
      ${phone && html`<li class="row"><span><span class="name">${t("Main number")}</span><br /><span class="sub num">${phone}</span></span>
        <${CallLink} customer=${customer} phone=${phone} name=${t("Main number")} label=${t("Call the main number")} /></li>`}
      ${(address || lat) && html`<li class="row"><span><span class="name">${address || t("Place on the map")}</span></span>
        <button type="button" class="btn line" aria-haspopup="dialog" onClick=${() => setOpen(true)}><${Icon} name="pin" small /> ${t("Map")}</button></li>`}
      ${debtors.map((one) => html`<li class="row" key=${one.id}><span><span class="name">${one.name}</span><br /><span class="sub">${[debtorWords(one.kind), one.reg_no].filter(Boolean).join(" · ")}</span></span></li>`)}
    </ul>
    <${Link} class="btn soft" href=${`${at}/new`}><${Icon} name="plus" small /> ${t("New contact")}<//>
    ${owner && html`<p class="sub">${t("Looked after by {name}", { name: [owner.name, ...helpers.map((one) => one.name || one)].join("、") })}</p>`}
    ${open && html`<${Lazy} load=${maps} customer=${customer} onClose=${() => setOpen(false)} />`}
  <//>`;
}

function Contact({ one, customer, at }) {
  const { id, name, role, phone, email, pending } = one;
  const standing = customer.gate?.people[id];
  return html`<li class="row"><span><span class="name">${name}</span> ${role && html`<span class="sub">${role}</span>`}
      ${standing && standing !== "permitted" && html` <span class="tag alert">${Object.fromEntries(standings())[standing]}</span>`}
      ${pending && html` <span class="tag">${t("Saved on this phone")}</span>`}
      <br /><span class="sub num">${[phone, email].filter(Boolean).join(" · ")}</span></span>
    <span class="icons">${phone && html`<${CallLink} customer=${customer} id=${id} phone=${phone} name=${name} label=${t("Call {name}", { name })} />
        <a class="icon-btn" href=${smsLink(phone, "")} onClick=${(event) => textOnly(event, customer, id, phone)} aria-label=${t("Text {name}", { name })}><${Icon} name="note" /></a>`}
      ${email && html`<a class="icon-btn" href=${`mailto:${email}`} aria-label=${t("Write to {name}", { name })}><${Icon} name="mail" /></a>`}
      <${Link} class="icon-btn" href=${`${at}/${id}`} aria-label=${t("Change {name}", { name })}><${Icon} name="pen" /><//></span></li>`;
}

export const debtorWords = (kind) => ({ company: t("Company"), sole_trader: t("Sole trader"), person: t("Person") }[kind] || kind);
