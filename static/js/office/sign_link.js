// Signing by a link, on the signatory's own device: the text is the server's, the strokes and the name are theirs.
import SignaturePad from "../../vendor/signature_pad.js";
import { strokesOf, strokesProblem } from "../plans/strokes.js";

const root = document.querySelector(".signing");
const form = root.querySelector("[data-sign]");
const words = root.querySelector("[data-words]").dataset;
const canvas = root.querySelector("[data-pad]");
const wrong = root.querySelector("[data-wrong]");
const find = (name) => root.querySelector(`[data-${name}]`);
const pad = new SignaturePad(canvas, { minWidth: 1, maxWidth: 3.2, penColor: "#14201f", throttle: 0, minDistance: 1 });
let codeId = null;
let confirmed = !root.dataset.code;
let width = 0;

/** The canvas as large as its box; turning the device empties it, for the points would lie elsewhere. */
function fit() {
  if (canvas.clientWidth === width) return; // a phone's address bar comes and goes
  width = canvas.clientWidth;
  const ratio = Math.min(3, devicePixelRatio || 1);
  canvas.width = width * ratio;
  canvas.height = canvas.clientHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  pad.clear();
}
fit();
addEventListener("resize", fit);
find("again").addEventListener("click", () => pad.clear());

/** Sends JSON; returns what came back, or throws with words for a person. */
async function send(path, body) {
  let answer;
  try {
    answer = await fetch(root.dataset.address + path, {
      method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", Accept: "application/json" },
    });
  } catch {
    throw new Error(words.broken);
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error?.text || words.broken);
  return told;
}

if (root.dataset.code) {
  const said = find("code-said");
  const tell = (task) => async () => {
    said.textContent = "";
    try {
      await task();
    } catch (error) {
      said.textContent = error.message;
    }
  };
  find("send").addEventListener("click", tell(async () => {
    ({ code_id: codeId } = await send("/code", {}));
    find("enter").hidden = false;
    form.elements.code.focus();
    said.textContent = words.sent;
  }));
  find("try").addEventListener("click", tell(async () => {
    const told = await send(`/code/${codeId}`, { code: form.elements.code.value });
    confirmed = told.right;
    said.textContent = told.right ? words.right : words.left.replace("#", told.left);
    if (told.right) find("enter").hidden = find("send").hidden = true;
  }));
}

/** What still lacks, in words; or nothing. */
function lacking(strokes) {
  if (!form.elements.name.value.trim()) return words.needName;
  if (!form.elements.consent.checked) return words.needConsent;
  if (!confirmed) return words.needCode;
  return strokesProblem(strokes) ? words.needInk : "";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const strokes = strokesOf(pad.toData(), canvas.clientWidth, canvas.clientHeight, false);
  const go = find("go");
  wrong.textContent = lacking(strokes);
  if (wrong.textContent) return;
  const label = go.textContent;
  go.disabled = true;
  go.textContent = words.wait;
  try {
    await send("", { name: form.elements.name.value.normalize("NFC").trim(), consent: true, strokes, code_id: codeId });
    location.reload();
  } catch (error) {
    wrong.textContent = error.message;
    go.disabled = false;
    go.textContent = label;
  }
});
