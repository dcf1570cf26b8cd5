// A contact: somebody new, or what changed of one known. Only the changed fields go to the office, with what stood there before.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Empty, Skeleton, Top } from "../parts/page.js";
import { TextField } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import { line } from "../plans/seal.js";

const FIELDS = ["name", "role", "phone", "email"];
const MAIL = /^[^\s@<>,;:"]{1,64}@[^\s@<>,;:"]{1,180}\.[^\s@<>,;:".]{2,63}$/;

/** The changed fields: `{was, now}`, or null when nothing is another than it was. */
export function changed(before, after) {
  const names = FIELDS.filter((name) => (before[name] || "") !== (after[name] || ""));
  if (!names.length) return null;
  const of = (from) => Object.fromEntries(names.map((name) => [name, from[name] || ""]));
  return { was: of(before), now: of(after) };
}

export default function ContactScreen({ customer, rest }) {
  const known = (customer.contacts || []).find((one) => one.id === rest[0]);
  const key = `contact/${customer.id}/${rest[0]}`;
  const about = (one) => Object.fromEntries(FIELDS.map((name) => [name, one?.[name] || ""]));
  const [draft, change, kept] = useDraft(key, () => ({ command_id: uuid7(), contact_id: known ? known.id : uuid7(), was: about(known), ...about(known) }));
  const [trouble, setTrouble] = useState("");
  const title = known ? t("Change a contact") : t("New contact");
  if (!known && rest[0] !== "new") return html`<main class="page"><${Top} title=${title} small=${customer.name} /><${Empty} title=${t("This contact is no longer on record")} text=${t("The office may have taken it out.")} /></main>`;
  if (!draft) return html`<main class="page"><${Top} title=${title} small=${customer.name} /><${Skeleton} /></main>`;
  const mail = draft.email.trim() && !MAIL.test(draft.email.trim()) ? t("Write one e-mail address, such as boss@example.com.") : "";
  const send = async (operation, payload, words) => {
    try {
      await settled(key);
      const saved = await save({ command_id: draft.command_id, operation, payload, entity_id: draft.contact_id, needs: known?.pending ? [known.id] : [], base_rev: customer.rev ?? null, draft: key });
      saySaved(words, saved.command_id);
      navigate(`/app/customers/${customer.id}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  const after = Object.fromEntries(FIELDS.map((name) => [name, line(draft[name])]));
  const submit = () => {
    if (!after.name) return setTrouble(t("Write the name."));
    if (mail) return setTrouble(mail);
    if (!known) return send("customers.add_contact", { contact_id: draft.contact_id, customer_id: customer.id, ...after }, t("New contact"));
    const part = changed(draft.was, after);
    if (!part) return navigate(`/app/customers/${customer.id}`, { replace: true });
    return send("customers.change_contact", { customer_id: customer.id, contact_id: known.id, ...part }, t("Contact changed"));
  };
  const remove = () => send("customers.remove_contact", { customer_id: customer.id, contact_id: known.id, was: draft.was }, t("Contact taken out"));
  const write = (name) => (value) => change({ [name]: value });
  return html`<main class="page">
    <${Top} title=${title} small=${customer.name} />
    <div class="stack">
      <${TextField} label=${t("Name")} kind="name" value=${draft.name} onInput=${write("name")} />
      <${TextField} label=${t("Role")} value=${draft.role} onInput=${write("role")} />
      <${TextField} label=${t("Phone")} type="tel" value=${draft.phone} onInput=${write("phone")} />
      <${TextField} label=${t("E-mail address")} type="email" value=${draft.email} error=${mail} onInput=${write("email")} />
      <p class="hint">${t("Where the office changed the same field meanwhile, its value stands and yours is shown to it.")}</p>
      ${known && html`<button type="button" class="link warn" onClick=${remove}><${Icon} name="trash" small /> ${t("No longer there: take out")}</button>`}
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    </div>
    <${Dock} note=${draftNote(kept)}><button type="button" class="btn fill fat grow" onClick=${submit}>${t("Save")}</button><//>
  </main>`;
}
