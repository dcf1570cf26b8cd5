// The hand that signs: the whole screen, lying across. Where the phone is held upright the stage is turned instead of the phone.
import { html, useEffect, useRef, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { shortHash } from "./seal.js";
import { strokesOf, strokesProblem } from "./strokes.js";

/** `lines`: {about, name, role}: what stands above and under the base line. `onDone(strokes)`; `onClose()`; `back`: what closing is called, of a text by itself. */
export function Signature({ lines, number, hash, back, onDone, onClose }) {
  const canvas = useRef(null);
  const pad = useRef(null);
  const [turned, setTurned] = useState(innerHeight > innerWidth);
  const [note, setNote] = useState("");
  const [ready, setReady] = useState(false);

  useEffect(() => {
    let here = true;
    const fit = () => {
      const { width, height } = size();
      const ratio = Math.min(3, devicePixelRatio || 1);
      canvas.current.width = width * ratio;
      canvas.current.height = height * ratio;
      canvas.current.getContext("2d").scale(ratio, ratio);
      if (pad.current && !pad.current.isEmpty()) setNote(t("The screen was turned. Please sign again."));
      pad.current?.clear();
      setReady(false);
      setTurned(innerHeight > innerWidth);
    };
    fit();
    import("../../vendor/signature_pad.js").then((module) => {
      if (!here) return;
      pad.current = new module.default(canvas.current, { minWidth: 1.2, maxWidth: 3.6, penColor: "#14201f", throttle: 0, minDistance: 1 });
      pad.current.addEventListener("endStroke", () => {
        setNote("");
        setReady(true);
      });
    }, () => setNote(t("The signature pad is not on this phone yet. It comes with the next connection.")));
    addEventListener("resize", fit);
    return () => {
      here = false;
      removeEventListener("resize", fit);
      pad.current?.off();
    };
  }, []);

  const again = () => {
    pad.current?.clear();
    setReady(false);
    setNote("");
  };
  const confirm = () => {
    const { width, height } = size();
    const strokes = strokesOf(pad.current.toData(), width, height, turned);
    const problem = strokesProblem(strokes);
    if (problem) setNote(t("That is too short for a signature. Please sign once more on the line."));
    else onDone(strokes);
  };
  return html`<div class="sign" role="dialog" aria-modal="true" aria-label=${t("Sign here")}>
    <canvas ref=${canvas} aria-label=${t("Signature area")} role="img"></canvas>
    <${Stage} turned=${turned}>
      <p class="ask">${t("Please sign on the line")}<b class="num">${lines.about}</b></p>
      <p class="short">${number}<br />${shortHash(hash)}</p>
      <div class="base"></div>
      <p class="printed">${note ? html`<span class="err" role="alert">${note}</span>` : [lines.name, lines.role].filter(Boolean).join(" · ")}</p>
      <div class="tools">
        <button type="button" class="btn line left" onClick=${onClose}>${back || t("Back to the text")}</button>
        <button type="button" class="btn line" onClick=${again} disabled=${!ready}>${t("Sign again")}</button>
        <button type="button" class="btn fill" onClick=${confirm} disabled=${!ready}>${t("Confirm and sign")}</button>
      </div>
    <//>
  </div>`;
}

const size = () => ({ width: innerWidth, height: innerHeight });

/** What is printed around the signature, across the screen's long side. */
function Stage({ turned, children }) {
  const { width, height } = size();
  const across = turned ? { inlineSize: `${height}px`, blockSize: `${width}px` } : { inlineSize: `${width}px`, blockSize: `${height}px` };
  return html`<div class=${turned ? "stage turned" : "stage"} style=${across}>${children}</div>`;
}
