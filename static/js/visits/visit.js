// Logging a visit: a sheet of steps in any order, each kept as it is made; saving is never refused for a gap.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { nowIso, when } from "../kernel/dates.js";
import { Link, navigate } from "../kernel/router.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { Choice, ProseField } from "../parts/fields.js";
import { Lazy } from "../parts/lazy.js";
import { Photos } from "../parts/photos.js";
import { Icon } from "../parts/icons.js";
import { draftNote, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import { Step } from "./step.js";
import { CheckIn } from "./checkin.js";
import { CheckOut } from "./checkout.js";
import { Papers } from "./papers.js";
import { Persons, withAdded } from "./persons.js";
import { Excuses } from "./said.js";
import { OutcomeStep } from "./outcome.js";
import { NextStep } from "./next.js";
import AskStep from "../table/step.js";
import { Signs } from "./signs.js";
import { purposes } from "./words.js";
import { saveVisit } from "./record.js";
import "../words/visits.js";
import "../words/promises.js";
import "../words/plans.js";

const fresh = () => ({
  visit_id: uuid7(), commands: { visit: uuid7(), promise: uuid7(), dispute: uuid7() }, promise_id: uuid7(), dispute_id: uuid7(),
  arrived_at: nowIso(), purpose: "collect", outcome: null, place: null, place_note: "", persons: [], said: "", excuses: [], photos: [],
  absent_person: "", confirmation_text: "", confirmed: false, left_at: null, papers: [], proofs: [], promise: {}, dispute: {}, next: {},
});

const held = () => import("../methods/held.js");

/** A visit about money, as the gate is asked: by the method that hears of it. */
const meant = (customer) => ({ channel: "visit", purpose: "demand", method: customer.gate?.visited_by?.[0] || "" });

const OLD_MS = 8 * 3600 * 1000;

/** A draft of another working day: go on with it, or begin anew; it is never thrown away unasked. */
const isOld = (draft) => Date.now() - Date.parse(draft.arrived_at) > OLD_MS;

export default function Visit({ customer }) {
  const [draft, change, kept] = useDraft(`visit/${customer.id}`, fresh);
  const [saving, setSaving] = useState(false);
  const [trouble, setTrouble] = useState("");
  useEffect(() => scrollTo(0, 0), [Boolean(draft)]);
  if (!draft) return html`<main class="page"><${Top} title=${customer.name} /><${Skeleton} /></main>`;
  const save = async () => {
    setSaving(true);
    try {
      const whole = withAdded(draft);
      if (draft.adding) change(whole); // should the save fail, the same ids are tried again
      const { command_id } = await saveVisit(customer, whole);
      saySaved(t("Visit"), command_id);
      navigate(`/app/customers/${customer.id}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
      setSaving(false);
    }
  };
  return html`<main class="page">
    <${Top} title=${t("Visit")} small=${customer.name} />
    ${draft.purpose === "collect" && html`<${Lazy} quiet load=${held} form=${meant(customer)} customer=${customer} />`}
    ${isOld(draft) && html`<div class="band wait"><p>${t("This is a draft of {time}.", { time: when(draft.arrived_at) })}</p>
      <div class="btns"><button type="button" class="btn soft" onClick=${() => change(fresh())}>${t("Start a new visit")}</button></div></div>`}
    <${CheckIn} key=${draft.visit_id} draft=${draft} change=${change} customer=${customer} />
    <${Step} title=${t("Purpose")}>
      <${Choice} hideLabel label=${t("Purpose")} value=${draft.purpose} options=${purposes()} onInput=${(purpose) => change({ purpose })} />
    <//>
    <${Persons} draft=${draft} change=${change} customer=${customer} />
    <${Step} title=${t("What was said")} gap=${!draft.said && !draft.excuses.length && t("nothing noted")}>
      <${ProseField} hideLabel label=${t("What was said")} value=${draft.said} onInput=${(said) => change({ said })} />
      <${Excuses} draft=${draft} change=${change} />
    <//>
    <${AskStep} customer=${customer} contact=${{ kind: "visit", id: draft.visit_id }} />
    <${OutcomeStep} draft=${draft} change=${change} customer=${customer} />
    <${Step} title=${t("Photos")} gap=${draft.photos.length ? t("photos: {n}", { n: draft.photos.length }) : ""}>
      <${Photos} photos=${draft.photos} label=${t("Take a photo")} onChange=${(photos) => change({ photos })} />
    <//>
    <${Signs} draft=${draft} change=${change} customer=${customer} />
    <${Papers} draft=${draft} change=${change} customer=${customer} />
    <${NextStep} draft=${draft} change=${change} />
    <${CheckOut} draft=${draft} change=${change} />
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <${Dock} note=${draftNote(kept)}>
      <${Link} class="btn soft fat grow" href=${`/app/customers/${customer.id}/plan?visit=${draft.visit_id}`}><${Icon} name="pen" small /> ${t("Sign a plan")}<//>
      <button type="button" class="btn fill fat grow" disabled=${saving} onClick=${save}>${saving ? t("Saving") : t("Save the visit")}</button>
    <//>
  </main>`;
}
