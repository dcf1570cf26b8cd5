// One record in the queue: what it says, where it stands, why, and what to do.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { acknowledge, discard, retry } from "../kernel/answers.js";
import { judged, rows } from "../kernel/outbox.js";
import { Link } from "../kernel/router.js";
import { reasonWords } from "../parts/state.js";
import { customerOf, placeOf, summary } from "./summary.js";
import { adviceWords, operationWords, stateWords } from "./words.js";

const TONES = { rejected: "alert", held: "wait", conflict: "wait" };

export function Entry({ one }) {
  const [trouble, setTrouble] = useState("");
  const act = (work) => async () => {
    try {
      await work(one.command_id);
    } catch (error) {
      setTrouble(t("That did not work: {why}", { why: error.message || t("no connection") }));
    }
  };
  const at = placeOf(one.operation, one.payload);
  const photos = one.blobs?.want > 0 ? t("photos {have} of {want}", one.blobs) : "";
  return html`<li class="row"><span class="stack tight">
      <span class="pair"><span class="name">${operationWords(one.operation)}</span><span class=${`tag ${TONES[one.state] || ""}`}>${stateWords(one.state)}</span></span>
      <span class="sub">${[customerOf(one.payload)?.name, t("saved {time}", { time: when(one.made_at) }), photos].filter(Boolean).join(" · ")}</span>
      ${one.text && html`<span class=${one.state === "rejected" ? "err" : ""}>${reasonWords(one)}</span>`}
      <${Clash} id=${one.command_id} />
      <span class="hint">${adviceWords(one)}</span>
      ${trouble && html`<span class="err" role="alert">${trouble}</span>`}
      <${Said} payload=${one.payload} />
      <span class="btns">
        ${at && html`<${Link} class="btn line" href=${at}>${t("Open the customer")}<//>`}
        ${one.state === "held" && html`<button type="button" class="btn line" onClick=${act(retry)}>${t("Try again")}</button>`}
        ${["rejected", "conflict"].includes(one.state) && html`<button type="button" class="btn soft" onClick=${act(acknowledge)}>${t("Read")}</button>`}
      </span>
      ${one.state === "waiting" && !one.attempts && html`<${Away} one=${one} throwAway=${act(discard)} />`}
    </span></li>`;
}

/** What a customer may hold a number of: thrown away here, it would be known to him and to nobody in the house. */
const NUMBERED = ["plans.sign_plan", "statements.sign_statement", "receivables.register_receipt"];

/** Taking back what never left: asked once more, and not offered where something would be left hanging. */
function Away({ one, throwAway }) {
  const [asked, setAsked] = useState(false);
  if (NUMBERED.includes(one.operation)) return html`<span class="hint">${t("Signed or numbered and perhaps shown already: it is sent, and put right at the office.")}</span>`;
  if (one.entity_id && rows.value.some(({ command }) => command.needs?.includes(one.entity_id))) return html`<span class="hint">${t("Other records here belong to it: throw those away first.")}</span>`;
  if (!asked) return html`<span class="btns"><button type="button" class="btn line warn" onClick=${() => setAsked(true)}>${t("Throw away")}</button></span>`;
  return html`<span role="alert">${t("Throw this away? What was written on it goes too.")}</span>
    <span class="btns"><button type="button" class="btn line" onClick=${() => setAsked(false)}>${t("Keep it")}</button>
      <button type="button" class="btn line warn" onClick=${throwAway}>${t("Throw away")}</button></span>`;
}

/** What was written, word for word. */
export const Lines = ({ payload }) => html`<dl class="said">${summary(payload).map(([label, words]) => html`<div key=${label}><dt>${label}</dt><dd>${words}</dd></div>`)}</dl>`;

function Said({ payload }) {
  if (!summary(payload).length) return null;
  return html`<details><summary class="link">${t("What was written")}</summary><${Lines} payload=${payload} /></details>`;
}

/** Two values of one field: ours and the one that stands. */
function Clash({ id }) {
  const found = judged.value.find((one) => one.command.command_id === id && one.state === "conflict");
  const proposal = Object.entries(found?.result?.data?.proposal ?? {});
  if (!proposal.length) return null;
  return html`<dl class="said">${proposal.map(([field, { now, office }]) => html`<div key=${field}><dt>${t("yours / the office's")}</dt><dd>${[now, office].filter((one) => one !== undefined && one !== null).join(" / ")}</dd></div>`)}</dl>`;
}
