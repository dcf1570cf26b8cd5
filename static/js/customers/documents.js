// Papers and photos about this customer. A sealed one is shown page by page; one still being sealed says so.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { carried } from "../kernel/carried.js";
import { OpenPaper } from "../documents/open.js";
import { urlHere } from "../documents/files.js";
import { Section } from "../parts/page.js";
import { Paper } from "./paper.js";

export const documentWords = (kind) => ({
  plan: t("Repayment plan"), statement: t("Statement of account"), receipt: t("Receipt"), letter: t("Demand letter"),
}[kind] || kind);

/** Opens the sealed paper, or says where it stands on its way. */
export function PdfLink({ id, state, pending, kind, number }) {
  if (pending) return html`<span class="sub">${t("The PDF is made once this is sent.")}</span>`;
  if (!id) return null;
  if (state === "sealed") return html`<${OpenPaper} source=${{ kind: "paper", id }} title=${documentWords(kind)} number=${number} icon="seal" words=${t("Show the sealed paper")} />`;
  if (state === "failed") return html`<span class="sub">${t("The PDF could not be sealed. The office has been told; what was signed is kept.")}</span>`;
  return html`<span class="sub">${t("Signed; the PDF is being sealed.")}</span>`;
}

export function Documents({ customer }) {
  const { documents = [], papers = [], photos = [] } = customer;
  if (!documents.length && !papers.length && !photos.length) return null;
  return html`<${Section} id="papers" title=${t("Documents")}>
    <ul class="list">
      ${documents.map((one) => html`<li class="row" key=${one.id}><span class="stack tight"><span class="name">${documentWords(one.kind)}</span><span class="sub num">${one.number}</span></span>
        <${PdfLink} id=${one.id} state=${one.state} kind=${one.kind} number=${one.number} /></li>`)}
      ${papers.map((one) => html`<li key=${one.id}><${Paper} paper=${one} /></li>`)}
    </ul>
    <${Pictures} photos=${photos} />
  <//>`;
}

const FEW = 8;

/** Photos of visits, notes and papers as small pictures: those on this phone are drawn, any of them opens with a tap. */
export function Pictures({ photos }) {
  const [all, setAll] = useState(false);
  if (!photos.length) return null;
  const shown = all ? photos : photos.slice(0, FEW);
  return html`<div class="photos">${shown.map((one) => html`<figure key=${one.id}><${OpenPaper} source=${{ kind: "photo", sha256: one.sha256 }} style="thumb"
      title=${t("Photo of {day}", { day: when(one.at) })}><${Small} photo=${one} /><//></figure>`)}</div>
    ${photos.length > shown.length && html`<button type="button" class="btn soft block" onClick=${() => setAll(true)}>${t("Show all {n} photos", { n: photos.length })}</button>`}`;
}

function Small({ photo }) {
  const [url, setUrl] = useState("");
  const here = Boolean(carried.value?.[`photo/${photo.sha256}`]);
  useEffect(() => {
    let made = "";
    urlHere(photo.sha256).then((found) => setUrl((made = found)), () => {});
    return () => made && URL.revokeObjectURL(made);
  }, [here]);
  const words = t("Photo of {day}", { day: when(photo.at) });
  return url ? html`<img src=${url} alt=${words} loading="lazy" />` : html`<span class="sub">${words}</span>`;
}
