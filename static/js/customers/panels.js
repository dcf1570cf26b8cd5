// What plugins show of a customer, drawn from plain data. Nothing here knows any plugin.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { Section } from "../parts/page.js";
import { Act, spoken } from "../today/rows.js";

const TONES = { good: "tag good", warn: "tag wait", bad: "tag alert" };

export default function Panels({ customer }) {
  return html`${customer.panels.map((panel) => html`<${Panel} key=${panel.name} panel=${panel} customer=${customer} />`)}`;
}

function Panel({ panel, customer }) {
  if (panel.failed) return html`<p class="sub">${pick(panel.failed)}</p>`;
  const { lines = [], columns = [], rows = [], links = [] } = panel;
  return html`<${Section} id=${`panel-${panel.name}`} title=${pick(panel.title)}>
    <div class="stack">
      ${lines.length > 0 && html`<dl class="facts">${lines.map((line, n) => html`<div key=${n}><dt>${pick(line.label)}</dt>
        <dd>${line.tone ? html`<span class=${TONES[line.tone]}>${spoken(line.value)}</span>` : spoken(line.value)}</dd></div>`)}</dl>`}
      ${rows.length > 0 && html`<div class="sheet-table" role="region" tabindex="0" aria-label=${t("Figures of {title}", { title: pick(panel.title) })}><table>
        <thead><tr>${columns.map((one, n) => html`<th scope="col" key=${n}>${pick(one)}</th>`)}</tr></thead>
        <tbody>${rows.map((row, n) => html`<tr key=${n}>${row.map((cell, m) => html`<td key=${m}>${spoken(cell)}</td>`)}</tr>`)}</tbody></table></div>`}
      ${links.length > 0 && html`<div class="btns">${links.map((link, n) => html`<${Act} key=${n} row=${{ ...link, customer_id: customer.id, customer }} label=${pick(link.label)} />`)}</div>`}
    </div>
  <//>`;
}
