// Who signs, in what role, and how their authority was shown. Without a proof the paper says so; it is never refused for it.
import { html, useEffect } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Choice, TextField } from "../parts/fields.js";
import { Photos } from "../parts/photos.js";
import { docs } from "../kernel/docs.js";
import { AfarTerms } from "./afar.js";

/** The languages the clauses on this phone have; both in one paper since their second version. */
const languages = () => [["zh", "中文"], ["en", "English"], ...(docs.one("settings").value?.clauses?.words.bilingual ? [["zh-en", "中文 + English"]] : [])];

export const roles = (kind) => [
  ...(kind === "company" ? [["legal_representative", t("Legal representative")]] : [["self", t("For oneself")]]),
  ["person_in_charge", t("Person in charge")], ["finance", t("Finance")], ["agent", t("Authorised agent")], ["other", t("Other role")],
];

/** What can show the authority; what somebody present looks at is none for a signatory who is away. */
const proofs = (kind, afar) => [
  ...(kind === "company" ? [["legal_representative", t("Known as legal representative")]] : [["self", t("Signs for oneself")]]),
  ["power_of_attorney", t("Power of attorney")], ...(afar ? [] : [["id_shown", t("Identity document shown")], ["business_card", t("Business card")]]), ["none", t("Nothing shown")],
];

/** What follows from the role: who signs for oneself, or is the legal representative, has that as proof. */
const proofOf = (role) => ({ self: "self", legal_representative: "legal_representative" }[role] || "none");

/** A signatory nobody has been named for yet. Of a company nothing is assumed but that somebody is in charge. */
export function nobody(debtor) {
  const role = debtor && debtor.kind !== "company" ? "self" : "person_in_charge";
  return { name: "", role, authority: proofOf(role), role_text: "", phone: "", id_last4: "" };
}

/** The role a contact's own title speaks for; never more authority than the title names. */
function roleOf(title = "", debtor, name) {
  if (debtor.kind === "person" || (debtor.kind === "sole_trader" && /经营者|老板|业主|本人|owner/i.test(title)) || debtor.name === name) return "self";
  if (/法定代表人|法人|legal rep/i.test(title) && debtor.kind === "company") return "legal_representative";
  return /财务|会计|出纳|financ|account/i.test(title) ? "finance" : "person_in_charge";
}

export function SignatoryStep({ draft, change, customer, debtor, mayBeAfar }) {
  const { signatory } = draft;
  const write = (part) => change((now) => ({ signatory: { ...now.signatory, ...part } }));
  useEffect(() => {
    // another party was chosen: what was said of the first one's signatory does not carry over
    if (!roles(debtor.kind).some(([code]) => code === signatory.role)) write(nobody(debtor));
  }, [debtor.id]);
  const known = (customer.contacts || []).slice(0, 6);
  const pickOne = (name) => {
    const found = known.find((one) => one.name === name);
    const role = found ? roleOf(found.role, debtor, found.name) : signatory.role;
    write({ name: name || "", phone: found?.phone || "", role, authority: proofOf(role) });
  };
  return html`<div class="stack wide">
    <div class="stack">
      ${known.length > 0 && html`<${Choice} label=${t("Who signs")} value=${signatory.name} clear options=${known.map((one) => [one.name, one.role ? `${one.name} · ${one.role}` : one.name])} onInput=${pickOne} />`}
      <${TextField} label=${t("Name as in the identity document")} value=${signatory.name} onInput=${(name) => write({ name })} />
      <${Choice} label=${t("In what role")} value=${signatory.role} options=${roles(debtor.kind)} onInput=${(role) => write({ role, authority: proofOf(role) })} />
      ${signatory.role === "other" && html`<${TextField} label=${t("Which role")} value=${signatory.role_text} onInput=${(role_text) => write({ role_text })} />`}
    </div>
    <div class="stack">
      <${Choice} label=${t("What shows the authority to sign")} value=${signatory.authority} options=${proofs(debtor.kind, draft.afar)} onInput=${(authority) => write({ authority })} />
      ${!draft.afar && html`<${Photos} photos=${draft.proofs} label=${t("Photo of the proof")} slot="authority" keepOriginal max=${5} onChange=${(next) => change({ proofs: next })} />`}
      ${signatory.authority === "none" && !draft.proofs.length && html`<p class="hint">${t("Without a proof the paper says that the authority to sign is unproven. It is valid all the same if the signatory had it.")}</p>`}
    </div>
    <div class="two">
      <${TextField} label=${t("Phone of the signatory")} type="tel" value=${signatory.phone} onInput=${(phone) => write({ phone })} />
      <${TextField} label=${t("Identity document, last four")} max=${4} value=${signatory.id_last4} onInput=${(id_last4) => write({ id_last4 })} />
    </div>
    ${mayBeAfar && html`<${Choice} label=${t("How it is signed")} value=${draft.afar ? "afar" : "here"} options=${[["here", t("Here, on this phone")], ["afar", t("By a link, on their own device")]]} onInput=${(how) => change({ afar: how === "afar" })} />`}
    ${draft.afar ? html`<${AfarTerms} draft=${draft} change=${change} customer=${customer} />` : html`
    <${TextField} label=${t("Place of signing")} value=${draft.place} onInput=${(place) => change({ place })} />
    <${TextField} label=${t("Witness, if there is one")} value=${draft.witness} onInput=${(witness) => change({ witness })} />`}
    <${Choice} label=${t("Language of the paper")} shape="seg" value=${draft.lang} options=${languages()} onInput=${(lang) => change({ lang })} />
  </div>`;
}
