// A recording of a call: first the tick that the other side agreed, then the file. Without the tick nothing is kept, here or there.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { sha256 } from "../kernel/canonical.js";
import { StorageFull } from "../kernel/storage.js";
import { allSettled } from "../parts/draft.js";
import { dropPhotos, keepPhoto, recallPhoto } from "../parts/kept.js";
import { Switch, useId } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import { soundOf } from "./sound.js";
import "../words/methods.js";

const MB = 1024 * 1024;
const sized = (bytes) => (bytes < MB ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / MB).toFixed(1)} MB`);

export default function Recording({ field, label, value, onInput, hint, error }) {
  const id = useId();
  const [wrong, setWrong] = useState("");
  const [working, setWorking] = useState(false);
  const agreed = value?.consent === true;
  const agree = (consent) => {
    if (value?.sha256) dropPhotos([value]); // consent taken back: the recording goes with it
    onInput(consent ? { consent } : null);
  };
  const take = async (event) => {
    const [file] = event.currentTarget.files;
    event.currentTarget.value = "";
    if (!file) return;
    setWorking(true);
    setWrong(await keep(file, field, onInput));
    setWorking(false);
  };
  const drop = () => {
    onInput({ consent: true });
    dropPhotos([value]);
  };
  return html`<div class="field" role="group" aria-label=${label}><span class="lab">${label}</span>
    <${Switch} label=${t("The other side agreed to the recording")} on=${agreed} onInput=${agree} />
    ${!agreed && html`<small>${t("Without it the recording is not kept.")}</small>`}
    ${agreed && !value.sha256 && html`<label class="btn line" for=${id}><${Icon} name="file" small /> ${working ? t("Reading the recording") : t("Choose the recording")}</label>
      <input class="sr" id=${id} type="file" accept="audio/*,.amr,.m4a,.3gp,.mp3,.aac,.wav" onChange=${take} />
      <small>${t("MP3, M4A, AAC, WAV, OGG, WebM, AMR or 3GP, {n} at most.", { n: sized(field.maximum || 20 * MB) })}</small>`}
    ${value?.sha256 && html`<div class="stack tight"><${Player} recording=${value} label=${label} />
      <p class="sub num">${sized(value.size)} <button type="button" class="link" onClick=${drop}>${t("Take the recording out")}</button></p></div>`}
    ${hint && html`<small>${hint}</small>`}${(wrong || error) && html`<p class="err" role="alert">${wrong || error}</p>`}
  </div>`;
}

/** Keeps a file beside the draft; "" or why it cannot be. */
async function keep(file, field, onInput) {
  if (file.size > (field.maximum || 20 * MB)) return t("This recording is too large.");
  const bytes = await file.arrayBuffer();
  const mime = soundOf(bytes);
  if (!mime) return t("This file is no recording that can be kept. Nothing else was changed.");
  try {
    await allSettled();
    const row = { role: "recording", slot: field.name, sha256: await sha256(bytes), original_sha256: null, size: bytes.byteLength, mime, bytes };
    onInput({ ...(await keepPhoto(row)), consent: true });
    return "";
  } catch (error) {
    return error instanceof StorageFull ? t("This phone is full: the recording could not be kept. What you wrote can be saved.") : String(error.message);
  }
}

function Player({ recording, label }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    let made = "";
    recallPhoto(recording).then((whole) => whole && setUrl((made = URL.createObjectURL(new Blob([whole.bytes], { type: recording.mime })))));
    return () => made && URL.revokeObjectURL(made);
  }, [recording.sha256]);
  return url ? html`<audio controls src=${url} aria-label=${label}></audio>` : null;
}
