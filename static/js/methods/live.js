// A recording that is being made: begins with a tap, shows how long it has run, ends with a tap. Leaving the form ends it, and
// what there is waits for the form; the app's own lock does not end it.
import { html, useEffect, useRef, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { door } from "../kernel/door.js";
import { Icon } from "../parts/icons.js";
import { canRecord, clockOf, longest, startRecording } from "./recorder.js";
import "../words/methods.js";

/** By the form and question it belongs to: `{run, blob, full}`; `blob` once it has ended (null: discarded). */
const live = new Map();

/** Whether one is being made, or waits to be taken up. */
export const isLive = (place) => live.has(place);

/** It is thrown away: consent was taken back. */
export function discard(place) {
  live.get(place)?.run.discard();
  live.delete(place);
}

const whyWords = (name) => ({
  NotAllowedError: t("The phone does not let this app use its microphone. Allow it in the settings, or choose a file."),
  NotFoundError: t("There is no microphone. Choose a file."),
}[name] || t("The microphone is not free just now. Try again, or choose a file."));

/** `place`: form and question; `most`: bytes; `onBegin()`; `onEnd(blob, full)`: null for one that was discarded. */
export function Live({ place, most, onBegin, onEnd, onTrouble }) {
  const [, redraw] = useState(0);
  const [asking, setAsking] = useState(false);
  const here = useRef(true);
  const take = () => {
    const now = live.get(place);
    if (!here.current || !now || now.blob === undefined) return;
    live.delete(place);
    onEnd(now.blob, now.full);
  };
  useEffect(() => {
    here.current = true;
    const timer = setInterval(() => (take(), redraw((n) => n + 1)), 500);
    return () => {
      here.current = false;
      clearInterval(timer);
      if (door.value.state === "open") live.get(place)?.run.stop();
    };
  }, [place]);
  const begin = async () => {
    setAsking(true);
    try {
      const one = {};
      const run = await startRecording({ most, onEnd: (blob, full) => (Object.assign(one, { blob, full }), take()) });
      if (!here.current) return run.discard();
      live.set(place, Object.assign(one, { run }));
      onBegin();
    } catch (error) {
      onTrouble(whyWords(error.name));
    }
    return setAsking(false);
  };
  const now = live.get(place);
  if (now && now.blob === undefined) return html`<div class="band alert recording" role="group" aria-label=${t("Recording")}>
    <p><span class="rec" aria-hidden="true"></span> <b>${t("Recording")}</b> <b class="num" role="timer">${clockOf(Date.now() - now.run.began)}</b> <span class="sub num">/ ${clockOf(longest(most))}</span></p>
    <div class="btns"><button type="button" class="btn fill grow" onClick=${now.run.stop}>${t("Stop and keep")}</button>
      <button type="button" class="btn line" onClick=${now.run.discard}>${t("Discard")}</button></div></div>`;
  if (!canRecord()) return null;
  return html`<button type="button" class="btn line" disabled=${asking} onClick=${begin}><span class="rec" aria-hidden="true"></span> ${t("Record now")}</button>`;
}
