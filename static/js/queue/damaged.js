// What was saved here and can no longer be read: said in plain words, as far as its index tells.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { dropDamaged, lostRecords } from "../kernel/damaged.js";
import { Section } from "../parts/page.js";
import { operationWords } from "./words.js";
import "../words/damaged.js";

export function Damaged() {
  const list = lostRecords();
  if (!list.length) return null;
  return html`<${Section} id="damaged" title=${t("Damaged on this phone")} side=${String(list.length)}>
    <p class="band alert">${t("These records were saved here and not yet sent, and the phone's storage no longer gives them back. All others go on. Please write them again.")}</p>
    <ul class="list">${list.map((one) => html`<${One} key=${one.id} one=${one} />`)}</ul>
  <//>`;
}

function One({ one }) {
  const [sure, setSure] = useState(false);
  const what = one.operation ? operationWords(one.operation) : t("A record");
  return html`<li class="row"><span class="stack tight"><span class="name">${what}</span>${one.made_at && html`<span class="sub num">${when(one.made_at)}</span>`}</span>
    ${sure ? html`<button type="button" class="btn line warn" onClick=${() => dropDamaged(one.id)}>${t("Yes, take it off")}</button>`
      : html`<button type="button" class="btn line" onClick=${() => setSure(true)}>${t("I wrote it again")}</button>`}</li>`;
}
