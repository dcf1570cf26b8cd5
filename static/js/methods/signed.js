// A signature on a plugin's form: drawn as on a plan, kept as a picture beside the draft under its hash.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { sha256 } from "../kernel/canonical.js";
import { StorageFull } from "../kernel/storage.js";
import { allSettled } from "../parts/draft.js";
import { dropPhotos, keepPhoto } from "../parts/kept.js";
import { Picture } from "../parts/photos.js";
import { Icon } from "../parts/icons.js";
import { Signature } from "../plans/signature.js";
import "../words/plans.js";
import "../words/methods.js";

const MARGIN = 200; // of a stroke's unit: a tenth of a pixel
const WIDEST = 1000;

/** The strokes as a picture on white, cut to what was drawn. @returns {Promise<ArrayBuffer>} */
async function pictureOf({ strokes }) {
  const points = strokes.flat();
  const [left, top] = [0, 1].map((at) => Math.min(...points.map((point) => point[at])) - MARGIN);
  const [right, bottom] = [0, 1].map((at) => Math.max(...points.map((point) => point[at])) + MARGIN);
  const scale = Math.min(0.1, WIDEST / (right - left));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.ceil((right - left) * scale), height: Math.ceil((bottom - top) * scale) });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(pen, { lineWidth: Math.max(1.5, 26 * scale), lineCap: "round", lineJoin: "round", strokeStyle: "#14201f" });
  for (const stroke of strokes) {
    pen.beginPath();
    stroke.forEach(([x, y], n) => (n ? pen.lineTo((x - left) * scale, (y - top) * scale) : pen.moveTo((x - left) * scale, (y - top) * scale)));
    if (stroke.length === 1) pen.lineTo((stroke[0][0] - left) * scale + 0.1, (stroke[0][1] - top) * scale);
    pen.stroke();
  }
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  return blob.arrayBuffer();
}

export default function Signed({ field, label, value, onInput, hint, error }) {
  const [open, setOpen] = useState(false);
  const [wrong, setWrong] = useState("");
  const done = async (strokes) => {
    setOpen(false);
    const bytes = await pictureOf(strokes);
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
  return html`<div class="field" role="group" aria-label=${label}><span class="lab">${label}</span>
    ${value && html`<figure class="paper-sign"><${Picture} photo=${value} alt=${label} /></figure>`}
    <div class="btns"><button type="button" class="btn line" onClick=${() => setOpen(true)}><${Icon} name="pen" small /> ${value ? t("Sign again") : t("Sign here")}</button>
      ${value && html`<button type="button" class="btn line" onClick=${drop}><${Icon} name="erase" small /> ${t("Take it out")}</button>`}</div>
    ${hint && html`<small>${hint}</small>`}${(wrong || error) && html`<p class="err" role="alert">${wrong || error}</p>`}
    ${open && html`<${Signature} lines=${{ about: label, name: "", role: "" }} number="" hash="" back=${t("Back to the form")} onDone=${done} onClose=${() => setOpen(false)} />`}
  </div>`;
}
