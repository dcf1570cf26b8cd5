// Signed: saved on this phone at once, shared with the signatory, and the PDF as soon as the office has sealed it.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { MailPaper } from "../customers/mail_paper.js";
import { Link } from "../kernel/router.js";
import { status, syncNow } from "../kernel/sync.js";
import { Dock, Top } from "../parts/page.js";
import { Icon } from "../parts/icons.js";
import { recordState } from "../parts/state.js";
import { copyText, shareFile, shareText } from "../parts/share.js";
import { OpenPaper } from "../documents/open.js";
import { fileOf, pdfOf } from "../documents/files.js";
import { shortHash } from "./seal.js";

/** The text as it is handed over: word for word what was signed, then its number and the check sum shown before the signature. */
export const handedText = (done) => `${done.text}\n\n${t("Number {number}", { number: done.number })}\n${t("Check sum of this text")} ${shortHash(done.text_sha256)}`;

/** When to look whether the paper is sealed: often at first, for it takes half a second; then ever less; 40 s in all. */
const WAITS_MS = [300, 300, 300, 300, 400, 600, 1000, 1500, ...Array(14).fill(2500)];

/** Looks for the sealed paper while it is being made: a few seconds with a network, not for ever. */
function useArrival(arrived) {
  useEffect(() => {
    if (arrived) return undefined;
    let timer;
    const look = (n) => {
      if (n >= WAITS_MS.length) return;
      timer = setTimeout(() => {
        const { online, phase, pending } = status.value;
        if (online && phase === "idle" && !pending) syncNow();
        look(n + 1);
      }, WAITS_MS[n]);
    };
    look(0);
    return () => clearTimeout(timer);
  }, [arrived]);
}

export function Done({ customer, paper, done }) {
  const [said, setSaid] = useState("");
  const now = docs.get("customer", customer.id).value || customer;
  const row = [...(now.plans || []), ...(now.statements || [])].find((one) => one.id === done.id);
  const sealed = row && !row.pending && row.document_state === "sealed" && row.document_id;
  useArrival(Boolean(sealed) || row?.document_state === "failed");
  const title = `${paper.title} ${done.number}`;
  const share = async () => setSaid(await shareText(title, handedText(done)));
  const copy = async () => setSaid(await copyText(handedText(done)));
  const sharePdf = async () => {
    try {
      const { bytes } = await fileOf(pdfOf(row.document_id));
      setSaid(await shareFile(title, new File([bytes], `${done.number}.pdf`, { type: "application/pdf" })));
    } catch {
      setSaid(t("The PDF comes with a connection. The text can be shared now."));
    }
  };
  return html`<main class="page">
    <${Top} title=${t("Signed")} small=${customer.name} />
    <section class="stack">
      <p class="band good" role="status"><b>${paper.title} <span class="num">${done.number}</span></b>${recordState(done.command_id)}</p>
      <p class="big num">${done.about}</p>
      <p>${t("Give the signatory the whole text now: it is what was signed.")}</p>
      <p class="sub">${t("Check sum of this text")} <span class="hash">${shortHash(done.text_sha256)}</span></p>
      <div class="btns"><button type="button" class="btn soft grow" onClick=${share}><${Icon} name="share" small /> ${t("Share the whole text")}</button>
        <button type="button" class="btn line grow" onClick=${copy}><${Icon} name="note" small /> ${t("Copy the text")}</button></div>
      ${sealed ? html`<div class="btns"><${OpenPaper} source=${{ kind: "paper", id: row.document_id }} title=${paper.title} number=${done.number} icon="seal" style="btn line grow" note=${false} words=${t("Show the sealed paper")} />
          <button type="button" class="btn line grow" onClick=${sharePdf}><${Icon} name="share" small /> ${t("Share the PDF")}</button></div>
          <${MailPaper} customer=${now} documentId=${row.document_id} />`
        : html`<p class="sub" role="status">${row?.document_state === "failed" ? t("The PDF could not be sealed. The office has been told; what was signed is kept.") : t("The sealed PDF comes a few seconds after this is sent; it will stand here and in the documents.")}</p>`}
      ${said && html`<p class="sub" role="status">${said}</p>`}
    </section>
    <${Dock}>${done.visit && paper.kind === "statement" && html`<${Link} class="btn soft fat grow" href=${`/app/customers/${customer.id}/plan?visit=${done.visit}`} replace>${t("Go on: repayment plan")}<//>`}
      <${Link} class="btn fill fat grow" href=${`/app/customers/${customer.id}${done.visit ? "/visit" : ""}`} replace>${done.visit ? t("Back to the visit") : t("Back to the customer")}<//><//>
  </main>`;
}
