// What is to be done for this customer, by which day; done with one tap.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { today } from "../kernel/dates.js";
import { save } from "../kernel/outbox.js";
import { Section } from "../parts/page.js";
import { dated } from "../parts/day.js";
import { saveTrouble, saySaved } from "../parts/saved.js";

export function Tasks({ customer }) {
  const [trouble, setTrouble] = useState("");
  const { tasks = [] } = customer;
  if (!tasks.length) return null;
  const done = async (task) => {
    try {
      const saved = await save({ operation: "collection.finish_task", payload: { task_id: task.id, customer_id: customer.id, note: "" }, entity_id: task.id });
      saySaved(t("Task done"), saved.command_id);
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<${Section} id="tasks" title=${t("To do")}>
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <ul class="list">${tasks.map((task) => html`<li class="row" key=${task.id}>
      <span class="stack tight"><span>${taskWords(task)}</span><span class=${task.due_on < today() ? "sub err" : "sub"}>${dated(task.due_on)}</span></span>
      <button type="button" class="btn soft" aria-label=${t("Done: {what}", { what: taskWords(task) })} onClick=${() => done(task)}>${t("Done")}</button></li>`)}</ul>
  <//>`;
}

export const taskWords = (task) => pick({ zh: task.title_zh, en: task.title_en }) || task.title;
