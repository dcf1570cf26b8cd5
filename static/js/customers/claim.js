// One reason given: how to find out, what to ask for, the facts that answer it; and what was found, with evidence.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Empty, Section, Skeleton, Top } from "../parts/page.js";
import { Choice, ProseField, Several, TextField } from "../parts/fields.js";
import { Photos, photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import { Facts, kindWords } from "../table/facts.js";
import { excuses, excuseWords } from "../visits/excuses.js";
import { truthOf } from "./claims.js";
import { Pictures } from "./documents.js";
import "../words/visits.js";
import "../words/table.js";

const fresh = () => ({ command_id: uuid7(), state: "", note: "", product: "", kinds: [], photos: [] });
const GOODS = ["quality", "not_received", "after_sales", "unsold", "price"];

export default function ClaimScreen({ customer, rest }) {
  const claim = (customer.claims || []).find((one) => one.id === rest[0]);
  if (!claim) return html`<main class="page"><${Top} title=${t("Reasons they gave")} small=${customer.name} /><${Empty} title=${t("This reason is not on this phone any more")} /></main>`;
  return html`<${Claim} customer=${customer} claim=${claim} key=${claim.id} />`;
}

function Claim({ customer, claim }) {
  const key = `claim/${claim.id}`;
  const [draft, change, kept] = useDraft(key, fresh);
  const [trouble, setTrouble] = useState("");
  const excuse = excuses().find((one) => one.code === claim.code) || {};
  if (!draft) return html`<main class="page"><${Top} title=${excuseWords(claim.code)} small=${customer.name} /><${Skeleton} /></main>`;
  const submit = async () => {
    try {
      await settled(key);
      const saved = await save({ command_id: draft.command_id, operation: "collection.verify_claim", payload: verdictOf(customer, claim, draft), entity_id: claim.id,
        needs: claim.needs || [], base_rev: customer.rev ?? null, blobs: photoBlobs(await recallAll(draft.photos)), draft: key });
      await dropPhotos(draft.photos);
      saySaved(t("What was found"), saved.command_id);
      const real = excuse.dispute_kind && draft.state !== "false" && !(customer.disputes || []).some((one) => one.kind === excuse.dispute_kind && one.state !== "denied");
      navigate(`/app/customers/${customer.id}${real ? `/dispute?claim=${claim.id}` : ""}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<main class="page">
    <${Top} title=${excuseWords(claim.code)} small=${customer.name} />
    <div class="stack">
      ${claim.words && html`<blockquote class="quote"><p>${claim.words}</p><footer>${when(claim.at)}</footer></blockquote>`}
      <${HowTo} excuse=${excuse} />
      <${Section} id="facts" title=${t("Facts that answer it")}><${Facts} customer=${customer} kinds=${excuse.facts} /><//>
      <${Found} verdicts=${customer.verdicts?.[claim.id] || []} />
      <${Section} id="verdict" title=${t("What did you find?")}>
        <${Choice} hideLabel label=${t("What did you find?")} value=${draft.state} options=${[["true", t("It is true")], ["partly", t("Partly true")], ["false", t("It is not true")]]} onInput=${(state) => change({ state })} />
        ${excuse.facts?.length > 0 && html`<${Several} label=${t("What shows it")} values=${draft.kinds} options=${excuse.facts.map((kind) => [kind, kindWords(kind)])} onToggle=${(kind) => change({ kinds: toggled(draft.kinds, kind) })} />`}
        <${ProseField} label=${t("What you saw, who said so")} value=${draft.note} onInput=${(note) => change({ note })} />
        ${GOODS.includes(claim.code) && html`<${TextField} label=${t("Goods and batch")} value=${draft.product} onInput=${(product) => change({ product })} />`}
        <${Photos} photos=${draft.photos} label=${t("Take a photo")} slot="proof" keepOriginal max=${20} onChange=${(photos) => change({ photos })} />
      <//>
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    </div>
    <${Dock} note=${draft.state ? draftNote(kept) : t("Choose what you found. Until then it stays open.")}>
      <button type="button" class="btn fill fat grow" disabled=${!draft.state} onClick=${submit}>${t("Save what was found")}</button><//>
  </main>`;
}

const toggled = (list, one) => (list.includes(one) ? list.filter((each) => each !== one) : [...list, one]);

/** The command, as the office takes it. */
export function verdictOf(customer, claim, draft) {
  return {
    claim_id: claim.id, customer_id: customer.id, state: draft.state, note: draft.note, product: draft.product.replace(/\s+/g, " ").trim().slice(0, 120),
    facts: draft.kinds.map((kind) => ({ kind, id: "", name: "" })), evidence_sha256: draft.photos.map((photo) => photo.sha256),
  };
}

function HowTo({ excuse }) {
  const asks = excuse.asks || [];
  const law = pick(excuse.rule || {});
  const reply = pick(excuse.reply || {});
  return html`<div class="band stack tight" id="how">
    ${excuse.verify && html`<p><b>${t("How to find out")}</b> ${pick(excuse.verify)}</p>`}
    ${asks.length > 0 && html`<div><b>${t("Ask for")}</b><ul>${asks.map((one) => html`<li key=${one.en}>· ${pick(one)}</li>`)}</ul></div>`}
    ${reply && html`<p><b>${t("You may answer")}</b> ${reply}</p>`}
    ${excuse.flag === "manager" && html`<p class="sub">${t("Your manager is told. Go on collecting as planned.")}</p>`}
    ${law && html`<p class="sub">${t("In law: {rule}", { rule: law })}</p>`}
  </div>`;
}

function Found({ verdicts }) {
  if (!verdicts.length) return null;
  return html`<${Section} id="found" title=${t("What was found")}>
    <ol class="list">${verdicts.map((one, n) => html`<li class="row line-row" key=${one.at}><span class="stack tight">
      <span class="pair"><span class=${`tag ${truthOf(one.state)[1]}`}>${truthOf(one.state)[0]}</span>${n > 0 && html`<span class="sub">${t("replaced since")}</span>`}${one.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</span>
      <span class="sub num">${[when(one.at), one.by].filter(Boolean).join(" · ")}</span>
      ${one.note && html`<span>${one.note}</span>`}
      ${one.facts.length > 0 && html`<span class="sub">${one.facts.map((fact) => fact.name || kindWords(fact.kind)).join(t(", "))}</span>`}
      <${Pictures} photos=${one.evidence.map((sha256) => ({ id: sha256, sha256, slot: "proof", at: one.at }))} /></span></li>`)}</ol>
  <//>`;
}
