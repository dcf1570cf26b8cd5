// A photo of the stamped paper copy: a revision of its own, beside the plan signed on the screen.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { Photos, photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import "../words/plans.js";

export default function StampedScreen({ customer, rest }) {
  const plan = (customer.plans || []).find((one) => one.id === rest[0]);
  const key = `stamped/${rest[0]}`;
  const [draft, change, kept] = useDraft(key, () => ({ command_id: uuid7(), revision_id: uuid7(), photos: [] }));
  const [trouble, setTrouble] = useState("");
  if (!draft) return html`<main class="page"><${Top} title=${t("Photo of the stamped copy")} /><${Skeleton} /></main>`;
  const submit = async () => {
    const [photo] = await recallAll(draft.photos);
    if (!photo) {
      setTrouble(t("Take a photo of the paper first."));
      return;
    }
    try {
      await settled(key);
      const payload = { revision_id: draft.revision_id, plan_id: rest[0], customer_id: customer.id, sha256: photo.sha256, original_sha256: photo.original_sha256 || null, mime: photo.mime, size: photo.size };
      const saved = await save({ command_id: draft.command_id, operation: "plans.attach_stamped_copy", payload, entity_id: draft.revision_id, needs: plan?.pending ? [rest[0]] : [], blobs: photoBlobs([photo]), draft: key });
      await dropPhotos(draft.photos);
      saySaved(t("Photo of the stamped copy"), saved.command_id);
      navigate(`/app/customers/${customer.id}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<main class="page">
    <${Top} title=${t("Photo of the stamped copy")} small=${plan?.number} />
    <div class="stack">
      <p>${t("Lay the paper flat, with the whole seal in the picture. The original photo is kept as proof.")}</p>
      <${Photos} photos=${draft.photos} label=${t("Photograph the paper")} slot="stamped_copy" keepOriginal max=${1} onChange=${(photos) => change({ photos })} />
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    </div>
    <${Dock} note=${draftNote(kept)}><button type="button" class="btn fill fat grow" onClick=${submit}>${t("Save")}</button><//>
  </main>`;
}
