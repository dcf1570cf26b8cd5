// What is to be done for this customer, by which day: done with one tap, passed over with a reason.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { today } from "../kernel/dates.js";
import { save } from "../kernel/outbox.js";
import { Link } from "../kernel/router.js";
import { Section } from "../parts/page.js";
import { Sheet } from "../parts/sheet.js";
import { Choice, ProseField } from "../parts/fields.js";
import { dated } from "../parts/day.js";
import { settled, useKeptText } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";

export function Tasks({ customer }) {
  const [trouble, setTrouble] = useState("");
  const [skipping, setSkipping] = useState(null);
  const { tasks = [] } = customer;
  if (!tasks.length) return null;
  const end = async (operation, task, more, words) => {
    try {
      const draft = `skip/${task.id}`;
      await settled(draft);
      const saved = await save({ operation, payload: { task_id: task.id, customer_id: customer.id, ...more }, entity_id: task.id, draft });
      saySaved(words, saved.command_id);
      setSkipping(null);
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  const done = (task) => end("collection.finish_task", task, { note: "" }, t("Task done"));
  const skip = (task, reason) => end("collection.skip_task", task, { reason }, t("Task skipped"));
  return html`<${Section} id="tasks" title=${t("To do")}>
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <ul class="list">${tasks.map((task) => html`<li class="row" key=${task.id}>
      <span class="stack tight"><span>${taskWords(task)}</span><span class=${task.due_on < today() ? "sub err" : "sub"}>${dated(task.due_on)}</span></span>
      ${task.ended ? html`<span class="tag">${task.ended === "done" ? t("done, to send") : t("skipped, to send")}</span>`
        : html`<span class="btns"><button type="button" class="btn line" aria-label=${t("Skip: {what}", { what: taskWords(task) })} onClick=${() => setSkipping(task)}>${t("Skip")}</button>
          ${isToFindOut(task, customer) ? html`<${Link} class="btn soft" href=${`/app/customers/${customer.id}/claim/${task.source_id}`}>${t("Find out")}<//>`
            : html`<button type="button" class="btn soft" aria-label=${t("Done: {what}", { what: taskWords(task) })} onClick=${() => done(task)}>${t("Done")}</button>`}</span>`}</li>`)}</ul>
    ${skipping && html`<${Skip} task=${skipping} onSkip=${(reason) => skip(skipping, reason)} onClose=${() => setSkipping(null)} trouble=${trouble} />`}
  <//>`;
}

function Skip({ task, onSkip, onClose, trouble }) {
  const [reason, setReason] = useKeptText(`skip/${task.id}`);
  const usual = [t("Settled in another way"), t("Nobody there, comes with the next visit"), t("Not needed any more")];
  return html`<${Sheet} title=${t("Skip")} onClose=${onClose}>
    <p>${taskWords(task)}</p>
    <${Choice} hideLabel label=${t("Why it is skipped")} value=${reason} options=${usual.map((one) => [one, one])} onInput=${setReason} />
    <${ProseField} label=${t("Why it is skipped")} value=${reason} onInput=${setReason} max=${400} />
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <button type="button" class="btn fill fat" disabled=${!reason.trim()} onClick=${() => onSkip(reason.trim())}>${t("Skip with this reason")}</button>
  <//>`;
}

/** A reason given is not settled by a tick: what was found is written down. */
const isToFindOut = (task, customer) => task.kind === "verify_claim" && (customer.claims || []).some((one) => one.id === task.source_id);

/** Those nobody has ended yet, here or at the office. */
export const openTasks = (customer) => (customer.tasks || []).filter((task) => !task.ended);

export const taskWords = (task) => pick({ zh: task.title_zh, en: task.title_en }) || task.title;
