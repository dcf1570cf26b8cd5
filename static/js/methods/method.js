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
import { FormField, prefilled } from "./field.js";
import { isShown, readForm } from "./check.js";
import { Lazy } from "../parts/lazy.js";
import { afterwards } from "../today/rows.js";
import "../words/methods.js";

const askStep = () => import("../table/step.js");
const askText = () => import("./texts.js");
const askWay = () => import("./texts.js").then((module) => ({ default: module.Handing }));

const problemWords = (code) => ({
  too_small: t("This is too little."), too_large: t("This is too much."), format: t("This cannot be read. Please look at it again."), type: t("Write a whole number."),
}[code]);

export default function MethodScreen({ customer, rest, query }) {
  const form = docs.all("form").value.filter((one) => one.method === rest[0]).sort((a, b) => b.version - a.version)[0];
  if (!form) return html`<main class="page"><${Top} title=${t("Ways of asking")} small=${customer.name} />
    <${Empty} title=${t("This form is not on the phone")} text=${t("Its plugin may have been taken out. Log a note instead; nothing is lost.")} /></main>`;
  return html`<${Form} form=${form} customer=${customer} query=${query} />`;
}

function Form({ form, customer, query }) {
  const key = `method/${form.method}/${customer.id}`;
  const fresh = () => ({ command_id: uuid7(), action_id: uuid7(), occurred_at: nowIso(), values: prefilled(form, customer, query, today()) });
  const [draft, change, kept] = useDraft(key, fresh);
  const [trouble, setTrouble] = useState("");
  const [problems, setProblems] = useState({});
  useFirstError(problems);
  if (!draft) return html`<main class="page"><${Top} title=${pick(form.labels)} small=${customer.name} /><${Skeleton} /></main>`;
  const photos = form.fields.filter((field) => field.type === "photo").flatMap((field) => draft.values[field.name] || []);
  const submit = async () => {
    const { fields, problems: found } = readForm(form, draft.values);
    setProblems(found);
    if (Object.keys(found).length) return;
    try {
      await settled(key);
      const payload = { action_id: draft.action_id, customer_id: customer.id, debtor_id: customer.debtors?.[0]?.id || null, method: form.method, form_version: form.version, fields, occurred_at: draft.occurred_at, source_kind: "", source_id: "" };
      const saved = await save({ command_id: draft.command_id, operation: "collection.take_action", payload, entity_id: draft.action_id, form: { id: form.id, version: form.version }, blobs: photoBlobs(await recallAll(photos)), draft: key });
      await dropPhotos(photos);
      saySaved(pick(form.labels), saved.command_id);
      navigate(afterwards(form.method, customer.id), { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  const set = (name, value) => change((now) => ({ values: { ...now.values, [name]: value } }));
  return html`<main class="page">
    <${Top} title=${pick(form.labels)} small=${customer.name} />
    ${query.contact && html`<p class="band">${t("How did the call with {name} go?", { name: query.contact })}</p>`}
    <div class="stack wide">${form.fields.filter((field) => isShown(field, draft.values)).map((field) => {
      const rest = { field, form, customer, values: draft.values, set, error: problemWords(problems[field.name]) };
      if (field.draft) return html`<${Lazy} key=${field.name} load=${askText} ...${rest} />`;
      return html`<${FormField} key=${field.name} field=${field} currency=${customer.currency}
        value=${draft.values[field.name]} error=${rest.error} onInput=${(value) => set(field.name, value)} />
        ${field.choices?.some((one) => one.opens) && html`<${Lazy} quiet key=${field.name + "-way"} load=${askWay} ...${rest} />`}`;
    })}</div>
    ${form.fields.some((field) => field.opens === "tel") && html`<${Lazy} quiet load=${askStep} customer=${customer} contact=${{ kind: "call", id: draft.action_id }} />`}
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <${Dock} note=${draftNote(kept)}>
      <button type="button" class="btn fill fat grow" onClick=${submit}>${t("Save")}</button><//>
  </main>`;
}
