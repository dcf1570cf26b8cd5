// On an office form: a signature drawn on the screen, a recording made here. Each becomes the file of the field beside it, where one may be chosen as well.
import { strokesOf, strokesProblem } from "../plans/strokes.js";
import { pictureOf } from "../plans/picture.js";
import { canRecord, clockOf, longest, startRecording } from "../methods/recorder.js";

const MB = 1024 * 1024;

/** A file as if it had been chosen; null takes it out. */
function put(input, blob, name) {
  const held = new DataTransfer();
  if (blob) held.items.add(new File([blob], name, { type: blob.type }));
  input.files = held.files;
}

/** @param {Document} page */
export function startPads(page) {
  for (const place of page.querySelectorAll("[data-signature]")) signature(place);
  for (const place of page.querySelectorAll("[data-recording]")) if (canRecord()) recording(place);
}

async function signature(place) {
  const find = (name) => place.querySelector(`[data-${name}]`);
  const [open, box, canvas, again, said, input] = [find("open"), find("box"), find("pad"), find("again"), find("said"), place.querySelector("input[type=file]")];
  open.hidden = false;
  let pad = null;
  let drawn = 0;
  const clear = () => {
    drawn += 1;
    pad?.clear();
    said.textContent = "";
  };
  const fit = () => {
    const ratio = Math.min(3, devicePixelRatio || 1);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
  };
  const ended = async () => {
    const n = (drawn += 1);
    const strokes = strokesOf(pad.toData(), canvas.clientWidth, canvas.clientHeight, false);
    const short = strokesProblem(strokes);
    said.textContent = short ? place.dataset.short : "";
    const blob = short ? null : await pictureOf(strokes);
    if (n === drawn) put(input, blob, "signature.png"); // a stroke more was made meanwhile: its own picture comes
  };
  open.addEventListener("click", async () => {
    const { default: SignaturePad } = await import("../../vendor/signature_pad.js");
    open.hidden = true;
    box.hidden = false;
    fit();
    pad = new SignaturePad(canvas, { minWidth: 1, maxWidth: 3.2, penColor: "#14201f", throttle: 0, minDistance: 1 });
    pad.addEventListener("endStroke", ended);
  });
  again.addEventListener("click", () => {
    clear();
    put(input, null);
  });
  input.addEventListener("change", () => input.files.length && clear()); // a picture was chosen instead
}

function recording(place) {
  const find = (name) => place.querySelector(`[data-${name}]`);
  const [begin, going, time, said, sound, consent, input] = [find("begin"), find("going"), find("time"), find("said"), find("sound"), place.querySelector("input[type=checkbox]"), place.querySelector("input[type=file]")];
  const most = Number(place.dataset.most) || 20 * MB;
  let run = null;
  let timer = 0;
  const show = () => {
    going.hidden = !run;
    begin.hidden = Boolean(run);
    begin.disabled = !consent.checked;
    if (run) time.textContent = `${clockOf(Date.now() - run.began)} / ${clockOf(longest(most))}`;
  };
  const listen = () => {
    const [file] = input.files;
    if (sound.src) URL.revokeObjectURL(sound.src);
    sound.hidden = !file;
    if (file) sound.src = URL.createObjectURL(file);
    else sound.removeAttribute("src");
  };
  const onEnd = (blob, full) => {
    clearInterval(timer);
    run = null;
    put(input, blob, "recording");
    said.textContent = full ? place.dataset.full : "";
    listen();
    show();
  };
  begin.addEventListener("click", async () => {
    begin.disabled = true;
    said.textContent = "";
    try {
      run = await startRecording({ most, onEnd });
      timer = setInterval(show, 500);
    } catch {
      said.textContent = place.dataset.refused;
    }
    show();
  });
  find("stop").addEventListener("click", () => run?.stop());
  find("discard").addEventListener("click", () => run?.discard());
  consent.addEventListener("change", () => {
    if (!consent.checked) run?.discard();
    show();
  });
  // what is still running goes along with what is sent
  place.closest("form").addEventListener("submit", (event) => {
    if (!run) return;
    event.preventDefault();
    said.textContent = place.dataset.running;
  });
  input.addEventListener("change", listen);
  show();
}
