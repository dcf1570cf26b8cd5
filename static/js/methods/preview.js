// What an action would send, word for word, as the office would write it now. It needs a connection; without one the text above is what goes.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { api, ApiError } from "../kernel/api.js";
import { readForm } from "./check.js";
import "../words/thread.js";

export default function Preview({ form, customer, values }) {
  const [seen, setSeen] = useState(null);
  const [said, setSaid] = useState("");
  const look = async () => {
    setSeen(null);
    const { fields } = readForm(form, values);
    try {
      setSeen(await api("POST", `/customers/${customer.id}/preview`, { method: form.method, fields, debtor_id: customer.debtors?.[0]?.id || null }));
      setSaid("");
    } catch (error) {
      setSaid(error instanceof ApiError ? error.message : t("No connection just now: what you see above is sent with the whole account under it."));
    }
  };
  return html`<div class="stack tight">
    <button type="button" class="btn line block" onClick=${look}>${t("See what it would send")}</button>
    ${said && html`<p class="sub" role="status">${said}</p>`}
    ${seen && html`<div class="stack" role="status">
      ${seen.held && html`<p class="band wait"><b>${t("It would be held back now:")}</b> ${seen.held}</p>`}
      ${seen.said.map((one) => html`<p key=${one} class="band wait">${one}</p>`)}
      ${seen.letters.map((one, n) => html`<div key=${n} class="card stack tight"><p><b>${t("To {who}", { who: one.to })}</b>${one.attached ? html` <span class="tag">${t("With an attachment")}</span>` : ""}</p>
        ${one.subject && html`<p class="sub"><b>${one.subject}</b></p>`}<p class="prose">${one.text}</p></div>`)}</div>`}
  </div>`;
}
