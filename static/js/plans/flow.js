// Signing on the spot, for plans and statements alike: own steps first, then who signs, the whole text, the signature.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { nfc, sha256 } from "../kernel/canonical.js";
import { save } from "../kernel/outbox.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDone } from "../parts/draft.js";
import { saveTrouble } from "../parts/saved.js";
import { shownBlocks, textOf } from "./text.js";
import { signingOf } from "./seal.js";
import { signatoryOf } from "./payload.js";
import { SignatoryStep, roles } from "./signatory.js";
import { Review } from "./review.js";
import { Signature } from "./signature.js";
import { Done } from "./done.js";
import { OneTimeCode, codeWays } from "./code.js";
import { unprintable } from "../documents/printable.js";
import { LinkDone, afarTrouble, makeLink } from "./afar.js";
import { noteSigned } from "../visits/papers.js";

/** Payload and text as they will be signed; nothing in them changes any more. */
async function freeze(kind, draft, payload) {
  const clauses = docs.one("settings").value.clauses;
  const signatory = nfc(signatoryOf(draft));
  const fixed = nfc(payload);
  const witness = draft.afar ? "" : nfc(draft.witness || "").trim();
  const blocks = shownBlocks(clauses, kind, draft.lang, fixed, signatory, witness);
  const text = textOf(blocks);
  const rare = unprintable(text);
  if (rare.length) throw new Error(t("these characters cannot be printed: {signs}. Write them another way.", { signs: rare.join(", ") }));
  return { kind, lang: draft.lang, payload: fixed, signatory, witness, blocks, text, text_sha256: await sha256(text), clause_version: clauses[kind].version };
}

/**
 * `own`: [{title, view, problem}] the paper's own steps; `paper`: {kind, title, operation, id, about, payload()};
 * `debtor`; the rest is the draft's.
 */
export function SigningFlow({ customer, debtor, draft, change, kept, draftKey, own, paper, visit = draft.visit_id }) {
  const [frozen, setFrozen] = useState(null);
  const [read, setRead] = useState(false);
  const [signing, setSigning] = useState(false);
  const [trouble, setTrouble] = useState("");
  const [linking, setLinking] = useState(false);
  const [done, setDone] = useDone(`done/${draftKey}`);
  const signatoryAt = own.length;
  const step = Math.min(draft.step || 0, signatoryAt + 1);
  const review = step === signatoryAt + 1;
  useEffect(() => {
    scrollTo(0, 0);
    setTrouble("");
    if (!review) return setFrozen(null);
    setRead(false);
    freeze(paper.kind, draft, paper.payload()).then(setFrozen, (error) => setTrouble(t("The text cannot be made: {why}", { why: error.message })));
  }, [step]);

  if (done === undefined) return html`<main class="page"><${Top} title=${paper.title} small=${customer.name} /><${Skeleton} /></main>`;
  if (done?.link) return html`<${LinkDone} customer=${customer} done=${done} />`;
  if (done) return html`<${Done} customer=${customer} paper=${paper} done=${done} />`;
  const problem = step < signatoryAt ? own[step].problem : step === signatoryAt && !draft.signatory.name?.trim() ? t("Write the name of who signs.") : "";
  const next = () => (problem ? setTrouble(problem) : change({ step: step + 1 }));
  const sign = async (strokes) => {
    setSigning(false);
    try {
      await settled(draftKey);
      const signed = await signingOf(frozen, strokes);
      const saved = await save({
        command_id: draft.command_id, operation: paper.operation, entity_id: paper.id, base_rev: customer.rev ?? null, draft: draftKey,
        payload: { payload: frozen.payload, signing: signed, visit_id: visit || null }, blobs: photoBlobs(await recallAll(draft.proofs)),
      });
      await dropPhotos(draft.proofs);
      if (visit) await noteSigned(customer.id, visit, { kind: paper.kind, id: paper.id, number: frozen.payload.number });
      setDone({ visit: visit || null, command_id: saved.command_id, id: paper.id, about: paper.about, text: frozen.text, text_sha256: frozen.text_sha256, number: frozen.payload.number });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  const offer = async () => {
    setLinking(true);
    try {
      setDone(await makeLink(draft, frozen, draftKey));
    } catch (error) {
      setTrouble(afarTrouble(error));
    }
    setLinking(false);
  };
  const roleWords = (roles(debtor?.kind).find(([code]) => code === draft.signatory.role) || ["", ""])[1];
  const lines = { about: paper.about, name: draft.signatory.name, role: draft.signatory.role === "other" ? draft.signatory.role_text : roleWords };
  const titles = [...own.map((one) => one.title), t("Who signs"), t("The whole text")];
  return html`<main class="page">
    <${Top} title=${`${paper.title} · ${titles[step]}`} small=${`${customer.name} · ${t("step {n} of {of}", { n: step + 1, of: titles.length })}`} onBack=${step ? () => change({ step: step - 1 }) : undefined} />
    ${step < signatoryAt && own[step].view}
    ${step === signatoryAt && html`<${SignatoryStep} draft=${draft} change=${change} customer=${customer} debtor=${debtor} mayBeAfar=${paper.kind === "plan"} />`}
    ${review && frozen && html`<${Review} frozen=${frozen} onEnd=${() => setRead(true)} />
      ${!draft.afar && codeWays().length > 0 && html`<${OneTimeCode} frozen=${frozen} customer=${customer} confirmation=${frozen.confirmation} onConfirmed=${(confirmation) => setFrozen({ ...frozen, confirmation })} />`}`}
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <${Dock} note=${review ? (read ? "" : t("The signature comes after the last line of the text.")) : draftNote(kept)}>
      ${review && draft.afar ? html`<button type="button" class="btn fill fat grow" disabled=${!frozen || !read || linking} onClick=${offer}>${linking ? t("Making the link") : t("Make the link")}</button>`
        : review ? html`<button type="button" class="btn fill fat grow" disabled=${!frozen || !read} onClick=${() => setSigning(true)}>${t("Hand over to sign")}</button>`
        : html`<button type="button" class="btn fill fat grow" aria-disabled=${problem ? "true" : undefined} onClick=${next}>${t("Next: {what}", { what: titles[step + 1] })}</button>`}
    <//>
    ${signing && html`<${Signature} lines=${lines} number=${frozen.payload.number} hash=${frozen.text_sha256} onDone=${sign} onClose=${() => setSigning(false)} />`}
  </main>`;
}
