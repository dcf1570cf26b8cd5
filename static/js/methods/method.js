// A way of asking, brought by a plugin: its form drawn from what it declares, its action saved like everything else.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { nowIso, today } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Empty, Skeleton, Top } from "../parts/page.js";
import { useFirstError } from "../parts/fields.js";
import { photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import { Lazy } from "../parts/lazy.js";
import { afterwards } from "../today/rows.js";
import { FormField, prefilled, problemWords } from "./field.js";
import { readForm, shown } from "./check.js";
import { readable } from "./form.js";
import "../words/methods.js";

const askStep = () => import("../table/step.js");
const held = () => import("./held.js");
const script = () => import("./script.js");
const askText = () => import("./texts.js");
const askWay = () => import("./texts.js").then((module) => ({ default: module.Handing }));
const preview = () => import("./preview.js");
const ownScreen = () => import("./own.js");
const FILES = ["photo", "signature", "recording"];

/** The files the answers hold, as rows beside the draft. */
const filesIn = (fields, values) => fields.filter((one) => FILES.includes(one.type)).flatMap((one) => [values[one.name] ?? []].flat()).filter((one) => one?.sha256 && one.mime);

// another method, or another customer, is another draft
export default (given) => html`<${Method} key=${`${given.rest[0]}/${given.customer.id}`} ...${given} />`;

function Method({ customer, rest, query }) {
  const newest = readable(docs.all("form").value.filter((one) => one.method === rest[0]).sort((a, b) => b.version - a.version)[0]);
  const key = `method/${rest[0]}/${customer.id}`;
  const fresh = () => ({ command_id: uuid7(), action_id: uuid7(), occurred_at: nowIso(), form: newest, values: newest ? prefilled(newest, customer, query, today()) : {} });
  const [draft, change, kept] = useDraft(key, fresh);
  // what was begun on a form is finished on it: the office keeps every form it gave out
  const begun = readable(draft?.form);
  const form = begun && begun.version !== newest?.version ? begun : newest || begun;
  if (!draft) return html`<main class="page"><${Top} title=${newest ? pick(newest.labels) : t("Ways of asking")} small=${customer.name} /><${Skeleton} /></main>`;
  if (!form) return html`<main class="page"><${Top} title=${t("Ways of asking")} small=${customer.name} />
    <${Empty} title=${t("This form is not on the phone")} text=${t("Its plugin may have been taken out. Log a note instead; nothing is lost.")} /></main>`;
  return html`<${Form} ...${{ form, newest, customer, query, draft, change, kept, storeKey: key }} />`;
}

function Form({ form, newest, customer, query, draft, change, kept, storeKey }) {
  const [trouble, setTrouble] = useState("");
  const [problems, setProblems] = useState({});
  useFirstError(problems);
  const submit = async (values = draft.values) => {
    if (shown(form.fields, values).some((one) => values[one.name]?.running)) return setTrouble(t("A recording is running. Stop it, then save: it goes along."));
    const { fields, problems: found } = readForm(form, values);
    setProblems(found);
    if (Object.keys(found).length) return undefined;
    const files = filesIn(shown(form.fields, values), values);
    try {
      await settled(storeKey);
      const payload = { action_id: draft.action_id, customer_id: customer.id, debtor_id: customer.debtors?.[0]?.id || null, method: form.method, form_version: form.version, fields, occurred_at: draft.occurred_at, source_kind: "", source_id: "" };
      const saved = await save({ command_id: draft.command_id, operation: "collection.take_action", payload, entity_id: draft.action_id, form: { id: form.id, version: form.version }, blobs: photoBlobs(await recallAll(files)), draft: storeKey });
      await dropPhotos(filesIn(form.fields, draft.values));
      saySaved(pick(form.labels), saved.command_id);
      navigate(afterwards(form.method, customer.id), { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
    return undefined;
  };
  const set = (name, value) => change((now) => ({ values: { ...now.values, [name]: typeof value === "function" ? value(now.values[name]) : value } }));
  const opening = (event) => through(event, form, customer);
  const ask = (field) => {
    const rest = { field, form, customer, values: draft.values, set, error: problemWords(problems[field.name]) };
    if (field.draft) return html`<${Lazy} key=${field.name} load=${askText} ...${rest} /><${Lazy} quiet key="preview" load=${preview} ...${rest} />`;
    return html`<${FormField} key=${field.name} field=${field} currency=${customer.currency} value=${draft.values[field.name]} problems=${problems} onInput=${(value) => set(field.name, value)} onOpen=${opening} />
      ${field.name === "excuse" && draft.values.excuse && html`<${Lazy} quiet key="script" load=${script} customer=${customer} code=${draft.values.excuse} />`}
      ${field.choices.some((one) => one.opens) && html`<${Lazy} quiet key=${field.name + "-way"} load=${askWay} ...${rest} />`}`;
  };
  const standard = html`<div class="stack wide">${shown(form.fields, draft.values).map(ask)}</div>`;
  return html`<main class="page">
    <${Top} title=${pick(form.labels)} small=${customer.name} />
    ${query.contact && html`<p class="band">${t("How did the call with {name} go?", { name: query.contact })}</p>`}
    <${Changed} form=${form} newest=${newest} change=${change} />
    <${Lazy} quiet load=${held} form=${form} customer=${customer} />
    ${form.screen ? html`<${Lazy} load=${ownScreen} ...${{ form, customer, draft, set, ask, submit, problems, standard }} />` : standard}
    ${form.fields.some((field) => field.opens === "tel") && html`<${Lazy} quiet load=${askStep} customer=${customer} contact=${{ kind: "call", id: draft.action_id }} />`}
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <${Dock} note=${draftNote(kept)}>
      <button type="button" class="btn fill fat grow" onClick=${() => submit()}>${t("Save")}</button><//>
  </main>`;
}

/** A link to the dialler, the mails or the text messages: the gate is asked first. */
function through(event, form, customer) {
  event.preventDefault();
  const { href } = event.currentTarget;
  const go = () => Object.assign(document.createElement("a"), { href }).click(); // as the link itself would
  const channel = { "tel:": "call", "sms:": "message", "mailto:": "mail" }[new URL(href).protocol];
  import("../gate/keeper.js").then(({ ask }) => ask(customer.id, { channel, purpose: form.purpose || "service", method: form.method }, go), go);
}

/** What became of the form since it was begun, and that nothing is lost by it. */
function Changed({ form, newest, change }) {
  if (form.beyond) return html`<p class="band wait">${t("{n} questions of this form are newer than the app on this phone. They come with its next version; what you answer here is kept.", { n: form.beyond })}</p>`;
  if (!newest) return html`<p class="band wait" role="status">${t("This method is not available just now. What you save is kept at the office and applied when it is back.")}</p>`;
  if (newest.version === form.version) return null;
  return html`<div class="band wait" role="status"><p>${t("There is a newer form since you began. You can finish on this one: the office reads both.")}</p>
    <button type="button" class="btn line" onClick=${() => change({ form: newest })}>${t("Go on with the newer form")}</button></div>`;
}
