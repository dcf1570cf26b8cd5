// Planning visits: customers ticked, a day chosen; each becomes something to do on that day, and is done once the visit is logged.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { addDays, today } from "../kernel/dates.js";
import { uuid7 } from "../kernel/ids.js";
import { overlay } from "../kernel/docs.js";
import "../table/pending.js";
import { save } from "../kernel/outbox.js";
import { headline } from "../kernel/money.js";
import { Sheet } from "../parts/sheet.js";
import { Choice, DateField, Several } from "../parts/fields.js";
import { saveTrouble } from "../parts/saved.js";
import { quickDays } from "../visits/next.js";
import "../words/visits.js";
import "../words/showing.js";

const KIND = "planned_visit";
const named = (task, id) => (task.id === id && !task.title ? { ...task, title_zh: t("Visit them, as planned."), title_en: t("Visit them, as planned.") } : task);
overlay("collection.add_task", { kind: "customer", id: (payload) => payload.customer_id, apply: (doc, { task_id, kind }) => (kind === KIND ? { ...doc, tasks: doc.tasks.map((one) => named(one, task_id)) } : doc) });

/** The command that plans one visit. `task_id` is minted once, so that a second try plans no second visit. */
export const planOf = (customer, task_id, on) => ({ operation: "collection.add_task", entity_id: task_id, command_id: task_id,
  payload: { task_id, customer_id: customer.id, kind: KIND, title: "", due_on: on, source_id: "" } });

export function Planning({ customers, onClose }) {
  const [ids] = useState(() => new Map(customers.map((one) => [one.id, uuid7()])));
  const [chosen, setChosen] = useState(customers.map((one) => one.id));
  const [on, setOn] = useState(addDays(today(), 1));
  const [trouble, setTrouble] = useState("");
  const [done, setDone] = useState(0);
  const toggle = (id) => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const plan = async () => {
    try {
      for (const one of customers.filter(({ id }) => chosen.includes(id))) await save(planOf(one, ids.get(one.id), on));
      setDone(chosen.length);
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<${Sheet} title=${t("Plan these visits")} onClose=${onClose}>
    ${done > 0 ? html`<p class="band good" role="status">${t("Planned: {n}. They stand under Today on that day.", { n: done })}</p>
      <button type="button" class="btn fill fat" onClick=${onClose}>${t("Close")}</button>`
    : html`<${Several} label=${t("Whom to visit")} values=${chosen} options=${customers.map((one) => [one.id, `${one.name} ${headline(one.overdue_minor, one.currency)}`])} onToggle=${toggle} />
      <${Choice} label=${t("On which day")} value=${on} options=${quickDays()} onInput=${setOn} />
      <${DateField} label=${t("Another day")} value=${on} onInput=${(day) => day && setOn(day)} />
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
      <button type="button" class="btn fill fat" disabled=${!chosen.length || on < today()} onClick=${plan}>${t("Plan {n} visits", { n: chosen.length })}</button>`}
  <//>`;
}
