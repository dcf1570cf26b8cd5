// Photos: taken, made smaller, kept beside the draft by hash until the record is saved.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { takePhoto } from "../kernel/photos.js";
import { StorageFull } from "../kernel/storage.js";
import { allSettled } from "./draft.js";
import { dropPhotos, keepPhoto, recallPhoto } from "./kept.js";
import { Icon } from "./icons.js";

/** A row of photos and a place to take the next. `photos`: rows without bytes; `onChange(rows)`; `stored`: may come from the album (a screenshot). */
export function Photos({ photos, onChange, label, slot = "photo", keepOriginal = false, stored = false, max = 40 }) {
  const [wrong, setWrong] = useState("");
  const [working, setWorking] = useState(false);
  const take = async (event) => {
    const files = [...event.currentTarget.files];
    event.currentTarget.value = "";
    setWorking(true);
    setWrong("");
    let next = photos;
    const room = max - photos.length;
    if (files.length > room) setWrong(t("This record takes {max} photos: {n} of those chosen were left out.", { max, n: files.length - room }));
    for (const file of files.slice(0, room)) {
      try {
        const row = await keepPhoto(await takePhoto(file, { slot, keepOriginal }));
        if (!next.some((one) => one.sha256 === row.sha256)) next = [...next, row];
      } catch (error) {
        setWrong(error instanceof StorageFull ? t("This phone is full: this photo could not be kept. Free some space and take it again; what you wrote can be saved.") : error.sentence || t("This file is not a picture that can be read. Nothing else was changed; take another photo."));
      }
    }
    setWorking(false);
    if (next !== photos) onChange(next);
  };
  // the camera may push this page out of memory: it opens only once the draft lies on the disk
  const hold = (event) => {
    const writing = allSettled();
    if (!writing) return;
    event.preventDefault();
    const camera = event.currentTarget;
    writing.then(() => camera.click());
  };
  const drop = (photo) => {
    onChange(photos.filter((one) => one !== photo));
    dropPhotos([photo]);
  };
  return html`<div class="stack">
    <div class="photos">
      ${photos.map((photo, n) => html`<figure key=${photo.sha256}><${Picture} photo=${photo} alt=${t("Photo {n}", { n: n + 1 })} />
        <button type="button" aria-label=${t("Remove photo {n}", { n: n + 1 })} onClick=${() => drop(photo)}><${Icon} name="close" small /></button></figure>`)}
      ${photos.length < max && html`<label><${Icon} name="camera" /><span>${working ? t("Making it smaller") : label}</span>
        <input type="file" accept="image/*" capture=${stored ? undefined : "environment"} multiple onClick=${hold} onChange=${take} aria-label=${label} /></label>`}
    </div>
    ${wrong && html`<p class="err" role="alert">${wrong}</p>`}
  </div>`;
}

/** A photo that is still in hand, drawn from its bytes. */
export function Picture({ photo, alt }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    let made = "";
    recallPhoto(photo).then((whole) => {
      if (!whole) return;
      made = URL.createObjectURL(new Blob([whole.bytes], { type: photo.mime }));
      setUrl(made);
    });
    return () => made && URL.revokeObjectURL(made);
  }, [photo.sha256]);
  return url ? html`<img src=${url} alt=${alt} />` : null;
}

/** What a command says of its photos (the bytes travel apart). */
export const photoRows = (photos) =>
  photos.map(({ sha256, original_sha256, slot, mime, size }) => ({ sha256, original_sha256: original_sha256 || null, slot, mime, size }));

/** What `save` stores with the command: the photos, and the camera's own bytes where they are evidence. */
export const photoBlobs = (photos) => photos.flatMap((photo) => (photo.original ? [photo, photo.original] : [photo]));
