// 见到谁: the known contacts as chips, and whoever is new by name, role and number.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { Icon } from "../parts/icons.js";
import { TextField } from "../parts/fields.js";
import { Step } from "./step.js";

/** The draft with whoever was typed in added to those met; also when "add" was never tapped. */
export function withAdded(draft) {
  const name = draft.adding?.name?.trim();
  if (!name) return { ...draft, adding: null };
  return { ...draft, adding: null, persons: [...draft.persons, { role: "", phone: "", ...draft.adding, name, contact_id: null, made: { contact: uuid7(), command: uuid7() } }] };
}

export function Persons({ draft, change, customer }) {
  const adding = draft.adding || null;
  const setAdding = (part) => change({ adding: part });
  const contacts = customer.contacts || [];
  const met = (contact) => draft.persons.some((one) => one.contact_id === contact.id);
  const toggle = (contact) => change({
    persons: met(contact) ? draft.persons.filter((one) => one.contact_id !== contact.id)
      : [...draft.persons, { name: contact.name, role: contact.role || "", phone: contact.phone || "", contact_id: contact.id }],
  });
  const others = draft.persons.filter((one) => !one.contact_id);
  const add = () => change(withAdded);
  return html`<${Step} title=${t("Who was met")} gap=${!draft.persons.length && t("nobody noted")}>
    <div class="chips">
      ${contacts.map((one) => html`<button type="button" class="chip" key=${one.id} aria-pressed=${met(one)} onClick=${() => toggle(one)}>${one.name}${one.role && html` <span class="sub">${one.role}</span>`}</button>`)}
      ${others.map((one) => html`<button type="button" class="chip" key=${one.name} aria-pressed="true" onClick=${() => change({ persons: draft.persons.filter((other) => other !== one) })}>${one.name}${one.role && html` <span class="sub">${one.role}</span>`}</button>`)}
      ${!adding && html`<button type="button" class="chip" onClick=${() => setAdding({})}><${Icon} name="plus" small /> ${t("Somebody else")}</button>`}
    </div>
    ${adding && html`<div class="stack">
      <${TextField} label=${t("Name")} value=${adding.name} onInput=${(name) => setAdding({ ...adding, name })} />
      <div class="two"><${TextField} label=${t("Role")} value=${adding.role} onInput=${(role) => setAdding({ ...adding, role })} />
        <${TextField} label=${t("Phone")} type="tel" value=${adding.phone} onInput=${(phone) => setAdding({ ...adding, phone })} /></div>
      <div class="btns"><button type="button" class="btn line grow" onClick=${() => setAdding(null)}>${t("Cancel")}</button>
        <button type="button" class="btn soft grow" onClick=${add}>${t("Add this person")}</button></div>
    </div>`}
  <//>`;
}
