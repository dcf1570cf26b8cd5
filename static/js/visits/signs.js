// What one saw on site that speaks of trouble: ticked, photographed, told to the office with the visit; works offline.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { uuid7 } from "../kernel/ids.js";
import { today } from "../kernel/dates.js";
import { save } from "../kernel/outbox.js";
import { ProseField, Several } from "../parts/fields.js";
import { Photos, photoBlobs, photoRows } from "../parts/photos.js";
import { recallAll } from "../parts/kept.js";
import { Step } from "./step.js";
import { judge } from "./solvency.js";
import "../words/watch.js";

const policy = () => docs.one("settings").value?.watch;

export function Signs({ draft, change, customer }) {
  const rules = policy();
  if (!rules?.signs?.length) return null;
  const signs = draft.signs || [];
  const toggle = (code) => change((now) => {
    const had = now.signs || [];
    const next = had.includes(code) ? had.filter((one) => one !== code) : [...had, code];
    return { signs: next, sighting_id: now.sighting_id || uuid7(), commands: { ...now.commands, sighting: now.commands.sighting || uuid7() } };
  });
  return html`<${Step} title=${t("What you saw")} gap=${signs.length ? t("{n} ticked", { n: signs.length }) : t("nothing unusual")}>
    <${Several} label=${t("Signs of trouble (tick only what you saw yourself)")} values=${signs} options=${rules.signs.map((one) => [one.code, pick(one)])} onToggle=${toggle} />
    ${signs.length > 0 && html`<div class="band stack">
      <${Alert} level=${judge(rules, customer.watch?.seen, signs, today()).level} />
      <${ProseField} label=${t("What exactly, and who told you")} value=${draft.sign_words} onInput=${(sign_words) => change({ sign_words })} />
      <${Photos} photos=${draft.sign_photos || []} label=${t("Photograph the sign")} slot="sign" max=${20} onChange=${(sign_photos) => change({ sign_photos })} />
      <p class="hint">${t("Only from where anybody may stand: no private rooms, no people's faces.")}</p></div>`}
  <//>`;
}

function Alert({ level }) {
  if (level === "red") return html`<p class="err" role="status">${t("Red: finance and legal are told as soon as this is sent. Do not promise new deliveries; tell your manager today.")}</p>`;
  return level ? html`<p role="status">${t("Amber: come back within a week and look at the same things.")}</p>` : null;
}

/** The command, when anything was ticked. */
export function sightingOf(customer, draft) {
  if (!draft.signs?.length) return null;
  return { sighting_id: draft.sighting_id, customer_id: customer.id, visit_id: draft.visit_id, signs: draft.signs, words: draft.sign_words || "", photos: photoRows(draft.sign_photos || []) };
}

/** Saves what was seen after its visit. */
export async function saveSighting(customer, draft) {
  const payload = sightingOf(customer, draft);
  if (!payload) return;
  await save({ command_id: draft.commands.sighting, operation: "collection.report_signs", payload, entity_id: draft.sighting_id, needs: [draft.visit_id],
    blobs: photoBlobs(await recallAll(draft.sign_photos || [])) });
}
