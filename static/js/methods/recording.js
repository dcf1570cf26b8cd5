// A recording of a talk: first the tick that the other side agreed, then it is made here or chosen as a file. Without the tick nothing is kept, here or there.
import { html, useEffect, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { sha256 } from "../kernel/canonical.js";
import { StorageFull } from "../kernel/storage.js";
import { allSettled } from "../parts/draft.js";
import { dropPhotos, keepPhoto, recallPhoto } from "../parts/kept.js";
import { Switch, useId } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import { canRecord } from "./recorder.js";
import { Live, discard, isLive } from "./live.js";
import { soundOf } from "./sound.js";
import "../words/methods.js";

const MB = 1024 * 1024;
const sized = (bytes) => (bytes < MB ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / MB).toFixed(1)} MB`);

export default function Recording({ field, label, value, onInput, hint, error, at }) {
  const id = useId();
  const place = `${location.pathname}#${at}`;
  const most = field.maximum || 20 * MB;
  const [wrong, setWrong] = useState("");
  const [working, setWorking] = useState(false);
  const agreed = value?.consent === true;
  useEffect(() => {
    if (!value?.running || isLive(place)) return;
    onInput({ consent: true });
    setWrong(t("The app was closed while it recorded: that recording is gone."));
  }, []);
  const agree = (consent) => {
    discard(place);
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
  const ended = async (blob, full) => {
    if (!blob) return onInput({ consent: true });
    const trouble = await keep(blob, field, onInput);
    if (trouble) onInput({ consent: true });
    return setWrong(trouble || (full ? t("It has reached the largest size: it was ended and kept.") : ""));
  };
  const drop = () => {
    onInput({ consent: true });
    dropPhotos([value]);
  };
  return html`<div class="field" role="group" aria-label=${pick(field.labels)}><span class="lab">${label}</span>
    <${Switch} label=${t("The other side agreed to the recording")} on=${agreed} onInput=${agree} />
    ${!agreed && html`<small>${t("Ask first: \u201cSo that nothing is taken down wrongly I would like to record this. Do you agree?\u201d Without a yes nothing is recorded or kept.")}</small>`}
    ${agreed && !value.sha256 && html`<${Live} place=${place} most=${most} onBegin=${() => (setWrong(""), onInput({ consent: true, running: true }))} onEnd=${ended} onTrouble=${setWrong} />`}
    ${agreed && !value.sha256 && !value.running && html`<label class="btn line" for=${id}><${Icon} name="file" small /> ${working ? t("Reading the recording") : t("Choose the recording")}</label>
      <input class="sr" id=${id} type="file" accept="audio/*,.amr,.m4a,.3gp,.mp3,.aac,.wav" onChange=${take} />
      <small>${t("MP3, M4A, AAC, WAV, OGG, WebM, AMR or 3GP, {n} at most.", { n: sized(most) })} ${canRecord() && t("During a call the phone keeps the microphone to itself: record with its own recorder and choose the file.")}</small>`}
    ${value?.sha256 && html`<div class="stack tight"><${Player} recording=${value} label=${pick(field.labels)} />
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
