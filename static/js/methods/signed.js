// A signature on a plugin's form: drawn as on a plan, kept as a picture beside the draft under its hash.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { sha256 } from "../kernel/canonical.js";
import { StorageFull } from "../kernel/storage.js";
import { allSettled } from "../parts/draft.js";
import { dropPhotos, keepPhoto } from "../parts/kept.js";
import { Picture } from "../parts/photos.js";
import { Icon } from "../parts/icons.js";
import { pictureOf } from "../plans/picture.js";
import { Signature } from "../plans/signature.js";
import "../words/plans.js";
import "../words/methods.js";

export default function Signed({ field, label, value, onInput, hint, error }) {
  const said = pick(field.labels);
  const [open, setOpen] = useState(false);
  const [wrong, setWrong] = useState("");
  const done = async (strokes) => {
    setOpen(false);
    const bytes = await (await pictureOf(strokes)).arrayBuffer();
    try {
      await allSettled();
      const kept = await keepPhoto({ role: "photo", slot: field.name, sha256: await sha256(bytes), original_sha256: null, size: bytes.byteLength, mime: "image/png", bytes });
      if (value) dropPhotos([value]);
      onInput(kept);
      setWrong("");
    } catch (trouble) {
      setWrong(trouble instanceof StorageFull ? t("This phone is full: the signature could not be kept. Free some space and sign again.") : String(trouble.message));
    }
  };
  const drop = () => {
    onInput(null);
    dropPhotos([value]);
  };
  return html`<div class="field" role="group" aria-label=${said}><span class="lab">${label}</span>
    ${value && html`<figure class="paper-sign"><${Picture} photo=${value} alt=${said} /></figure>`}
    <div class="btns"><button type="button" class="btn line" onClick=${() => setOpen(true)}><${Icon} name="pen" small /> ${value ? t("Sign again") : t("Sign here")}</button>
      ${value && html`<button type="button" class="btn line" onClick=${drop}><${Icon} name="erase" small /> ${t("Take it out")}</button>`}</div>
    ${hint && html`<small>${hint}</small>`}${(wrong || error) && html`<p class="err" role="alert">${wrong || error}</p>`}
    ${open && html`<${Signature} lines=${{ about: said, name: "", role: "" }} number="" hash="" back=${t("Back to the form")} onDone=${done} onClose=${() => setOpen(false)} />`}
  </div>`;
}
