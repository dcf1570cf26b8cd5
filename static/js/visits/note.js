// A note or a complaint: words and photos, outside any visit. After a call without a form of its own, the call's outcome too.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { Choice, ProseField } from "../parts/fields.js";
import { Photos, photoBlobs, photoRows } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import "../words/visits.js";

const kinds = () => [["note", t("Note")], ["complaint", t("Complaint")]];

export default function NoteScreen({ customer, query }) {
  const fresh = () => ({ command_id: uuid7(), note_id: uuid7(), kind: query.kind === "complaint" ? "complaint" : "note", text: query.contact ? t("Call with {name}: ", { name: query.contact }) : "", photos: [] });
  const key = `note/${query.contact ? "call" : query.kind || "note"}/${customer.id}`;
  const [draft, change, kept] = useDraft(key, fresh);
  const [trouble, setTrouble] = useState("");
  if (!draft) return html`<main class="page"><${Top} title=${t("Note")} small=${customer.name} /><${Skeleton} /></main>`;
  const submit = async () => {
    if (!draft.text.trim()) {
      setTrouble(t("Write a few words first."));
      return;
    }
    try {
      await settled(key);
      const payload = { note_id: draft.note_id, customer_id: customer.id, kind: draft.kind, text: draft.text, photos: photoRows(draft.photos) };
      const saved = await save({ command_id: draft.command_id, operation: "visits.add_note", payload, entity_id: draft.note_id, blobs: photoBlobs(await recallAll(draft.photos)), draft: key });
      await dropPhotos(draft.photos);
      saySaved(kinds().find(([kind]) => kind === draft.kind)[1], saved.command_id);
      navigate(`/app/customers/${customer.id}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<main class="page">
    <${Top} title=${kinds().find(([kind]) => kind === draft.kind)[1]} small=${customer.name} />
    <div class="stack">
      <${Choice} hideLabel shape="seg" label=${t("What it is about")} value=${draft.kind} options=${kinds()} onInput=${(kind) => change({ kind })} />
      <${ProseField} label=${draft.kind === "complaint" ? t("What the customer complains of") : t("What is worth knowing")} value=${draft.text} onInput=${(text) => change({ text })} />
      <${Photos} photos=${draft.photos} label=${t("Take a photo")} onChange=${(photos) => change({ photos })} />
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    </div>
    <${Dock} note=${draftNote(kept)}>
      <button type="button" class="btn fill fat grow" onClick=${submit}>${t("Save")}</button><//>
  </main>`;
}
