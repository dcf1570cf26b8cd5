// Calling: the phone's own dialler opens; on coming back the app asks how it went.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { navigate } from "../kernel/router.js";
import { Icon } from "../parts/icons.js";
import { Sheet } from "../parts/sheet.js";
import { telLink } from "../parts/tel.js";

/** Everyone who can be rung at this customer: contacts first, then the customer's own number. */
export function numbers(customer) {
  const people = (customer.contacts || []).filter((one) => one.phone);
  const own = customer.phone && !people.some((one) => one.phone === customer.phone) ? [{ id: "", name: t("Main number"), role: "", phone: customer.phone }] : [];
  return [...people, ...own];
}

/** The form of a method that opens the dialler (its fields declare `opens: "tel"`), if a plugin brings one. */
export const callForm = () => docs.all("form").value.find((form) => form.fields.some((field) => field.opens === "tel"));

/** Where the outcome of a call is written down: the form of the method that dials, else a note. */
export function outcomePath(id, phone, contact) {
  const form = callForm();
  const query = `phone=${encodeURIComponent(phone)}&contact=${encodeURIComponent(contact)}`;
  return form ? `/app/customers/${id}/method/${form.method}?${query}` : `/app/customers/${id}/note?${query}`;
}

const called = () => import("./called.js");

/** Asks the gate, then dials: what stands in the way is shown instead. */
function ring(event, customer, { id, phone, name }) {
  event.preventDefault();
  const go = () => {
    afterCall(customer, phone, name);
    Object.assign(document.createElement("a"), { href: telLink(phone) }).click(); // as the link itself would
  };
  import("../gate/keeper.js").then(({ ask }) => ask(customer.id, { channel: "call", contact_id: id }, go, () => navigate(outcomePath(customer.id, phone, name))), go);
}

/** Coming back asks for the outcome; should the page be gone by then, Today asks. */
function afterCall(customer, phone, contact) {
  called().then(({ remember }) => remember(customer.id, phone, contact), () => {});
  const ask = () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", ask);
    called().then(({ forget }) => forget(), () => {});
    navigate(outcomePath(customer.id, phone, contact));
  };
  // the dialler covers the page; where it does not (a desktop), the page stays as it is
  document.addEventListener("visibilitychange", ask);
}

/** A number that can be rung, as an icon. */
export const CallLink = ({ customer, id, phone, name, label }) =>
  html`<a class="icon-btn" href=${telLink(phone)} aria-label=${label} onClick=${(event) => ring(event, customer, { id, phone, name })}><${Icon} name="phone" /></a>`;

/** A button that rings the only number at once, or asks whom to ring. */
export function CallButton({ customer, wide = true }) {
  const [asking, setAsking] = useState(false);
  const found = numbers(customer);
  const style = wide ? "btn line grow" : "btn line";
  if (!found.length) return html`<button type="button" class=${style} onClick=${() => setAsking(true)}><${Icon} name="phone" small /> ${t("Call")}</button>
    ${asking && html`<${NoNumber} onClose=${() => setAsking(false)} />`}`;
  if (found.length === 1) return html`<a class=${style} href=${telLink(found[0].phone)} onClick=${(event) => ring(event, customer, found[0])}>
    <${Icon} name="phone" small /> ${t("Call")}</a>`;
  return html`<button type="button" class=${style} onClick=${() => setAsking(true)}><${Icon} name="phone" small /> ${t("Call")}</button>
    ${asking && html`<${Sheet} title=${t("Whom to call")} onClose=${() => setAsking(false)}>
      <ul class="list">${found.map((one) => html`<li key=${one.phone}><a class="row" href=${telLink(one.phone)} onClick=${(event) => (setAsking(false), ring(event, customer, one))}>
        <span><span class="name">${one.name}</span>${one.role && html` <span class="sub">${one.role}</span>`}<br /><span class="sub num">${one.phone}</span></span>
        <${Icon} name="phone" /></a></li>`)}</ul>
    <//>`}`;
}

function NoNumber({ onClose }) {
  return html`<${Sheet} title=${t("No number on record")} onClose=${onClose}>
    <p>${t("Ask for it on the next visit: a person met with a phone number becomes a contact.")}</p>
  <//>`;
}
