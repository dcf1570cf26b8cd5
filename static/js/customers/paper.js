// A paper that belongs to an invoice or a customer: opened over the whole screen, from this phone or the office.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { OpenPaper } from "../documents/open.js";
import "../words/documents.js";

export const paperWords = (kind) => ({
  delivery_note: t("Signed delivery note"), contract: t("Contract"), fapiao: t("Tax invoice"),
  payment_slip: t("Payment slip"), other: t("Other paper"),
}[kind] || kind);

export function Paper({ paper }) {
  const title = `${paperWords(paper.kind)}${paper.name ? ` · ${paper.name}` : ""}`;
  return html`<div class="pair"><${OpenPaper} source=${{ kind: "photo", sha256: paper.sha256 }} title=${title} />
    ${paper.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</div>`;
}
