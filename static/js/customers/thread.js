// The mail with a customer: what went, what became of it, what came back. All of it is in the dossier, so it reads offline.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { Section } from "../parts/page.js";
import "../words/thread.js";

const FIRST = 3;

export default function Thread({ customer }) {
  const [all, setAll] = useState(false);
  const { letters, failed } = customer.thread;
  const shown = all ? letters : letters.slice(0, FIRST);
  return html`<${Section} id="thread" title=${t("Mail with them")}>
    ${failed.map((address) => html`<p key=${address} class="band alert" role="status">${t("Mail to {address} came back: ask for the right address.", { address })}</p>`)}
    <ul class="list">${shown.map((one) => html`<${Letter} key=${one.id} one=${one} />`)}</ul>
    ${letters.length > shown.length && html`<button type="button" class="btn soft block" onClick=${() => setAll(true)}>${t("Show all {n} mails", { n: letters.length })}</button>`}
  <//>`;
}

function Letter({ one }) {
  const came = one.way === "in";
  return html`<li><details class="stack tight" open=${one.written}>
    <summary class="row"><span class="stack tight"><b>${came ? one.who || t("Sender unknown") : t("To {who}", { who: one.who })}</b><span class="sub num">${when(one.at)}</span></span>
      <span class=${`tag ${one.tone}`}>${pick({ zh: one.label_zh, en: one.label_en })}</span></summary>
    ${one.subject && html`<p class="sub"><b>${one.subject}</b></p>`}
    <p class="prose">${one.text}</p>
    ${one.detail && html`<p class="sub">${one.detail}</p>`}
    ${one.files.length > 0 && html`<p class="sub">${t("Files, to be opened at the office: {names}", { names: one.files.join(t(", ")) })}</p>`}
    ${one.number && html`<p class="sub">${one.number}.pdf</p>`}</details></li>`;
}
