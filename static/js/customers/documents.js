// Papers about this customer. A sealed one opens as PDF; one still being sealed says so.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Section } from "../parts/page.js";
import { Icon } from "../parts/icons.js";
import { Paper } from "./paper.js";

export const documentWords = (kind) => ({
  plan: t("Repayment plan"), statement: t("Statement of account"), receipt: t("Receipt"), letter: t("Demand letter"),
}[kind] || kind);

/** A link to the sealed PDF, or where it stands on its way. */
export function PdfLink({ id, state, pending }) {
  if (pending) return html`<span class="sub">${t("The PDF is made once this is sent.")}</span>`;
  if (!id) return null;
  if (state === "sealed") return html`<a class="link" href=${`/documents/${id}.pdf`} target="_blank" rel="noopener"><${Icon} name="seal" small /> ${t("Open the sealed PDF")}</a>`;
  if (state === "failed") return html`<span class="sub">${t("The PDF could not be sealed. The office has been told; what was signed is kept.")}</span>`;
  return html`<span class="sub">${t("Signed; the PDF is being sealed.")}</span>`;
}

export function Documents({ customer }) {
  const { documents = [], papers = [] } = customer;
  if (!documents.length && !papers.length) return null;
  return html`<${Section} id="papers" title=${t("Documents")}>
    <ul class="list">
      ${documents.map((one) => html`<li class="row" key=${one.id}><span class="stack tight"><span class="name">${documentWords(one.kind)}</span><span class="sub num">${one.number}</span></span>
        <${PdfLink} id=${one.id} state=${one.state} /></li>`)}
      ${papers.map((one) => html`<li key=${one.id}><${Paper} paper=${one} /></li>`)}
    </ul>
  <//>`;
}
