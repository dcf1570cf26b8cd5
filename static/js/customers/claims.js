// Reasons this customer gave, and what they turned out to be: those nobody has looked into first, each a tap from finding out.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { overlay } from "../kernel/docs.js";
import { Link } from "../kernel/router.js";
import { Section } from "../parts/page.js";
import { excuseWords } from "../visits/excuses.js";
import "../words/truth.js";

const SHORT = 5;

/** What a reason turned out to be: [words, tone]. */
export const truthOf = (state) => ({
  true: [t("was true"), "good"], false: [t("was not true"), "alert"], partly: [t("was partly true"), "wait"], unverified: [t("not verified yet"), ""],
}[state] || [state, ""]);

const isOpen = (claim) => claim.state === "unverified";

export function Claims({ customer }) {
  const [all, setAll] = useState(false);
  const claims = [...(customer.claims || [])].sort((a, b) => isOpen(b) - isOpen(a) || String(b.at).localeCompare(String(a.at)));
  if (!claims.length) return null;
  const open = claims.filter(isOpen).length;
  const untrue = claims.filter((one) => one.state === "false").length;
  const shown = all ? claims : claims.slice(0, Math.max(SHORT, open));
  return html`<${Section} id="claims" title=${t("Reasons they gave")} side=${untrue ? t("{n} of {of} were not true", { n: untrue, of: claims.length - open }) : ""}>
    ${open > 0 && html`<p class="band wait">${t("{n} to be looked into. Neither believe nor disbelieve them: until then nothing is settled.", { n: open })}</p>`}
    <ul class="list">${shown.map((one) => html`<${Claim} key=${one.id} claim=${one} customer=${customer} />`)}</ul>
    ${claims.length > shown.length && html`<button type="button" class="btn soft block" onClick=${() => setAll(true)}>${t("Show all {n} reasons", { n: claims.length })}</button>`}
  <//>`;
}

function Claim({ claim, customer }) {
  const [words, tone] = truthOf(claim.state);
  return html`<li><${Link} class="row" href=${`/app/customers/${customer.id}/claim/${claim.id}`}>
    <span class="stack tight"><span>${excuseWords(claim.code)}${claim.words ? ` “${claim.words}”` : ""}</span><span class="sub num">${when(claim.at)}</span></span>
    <span class="pair">${isOpen(claim) ? html`<span class="btn soft">${t("Find out")}</span>` : html`<span class=${`tag ${tone}`}>${words}</span>`}
      ${claim.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</span><//></li>`;
}

/** How closely this customer is followed up, in the office's neutral words; nothing where it is as usual. */
export function FollowUp({ customer }) {
  const how = customer.following;
  if (!how) return null;
  return html`<div class="sect" id="following"><p class="band"><b>${t("Follow up: {how}", { how: pick(how) })}</b> ${pick({ zh: how.advice_zh, en: how.advice_en })}</p></div>`;
}

overlay("collection.verify_claim", { kind: "customer", id: (payload) => payload.customer_id, apply: (doc, payload, command) => {
  const { claim_id: id, state, note, product, facts = [], evidence_sha256: evidence = [] } = payload;
  const verdict = { state, note, product, facts, evidence, at: command.made_at, by: "", pending: true };
  return {
    ...doc,
    claims: (doc.claims || []).map((one) => (one.id === id ? { ...one, state, pending: true } : one)),
    verdicts: { ...doc.verdicts, [id]: [verdict, ...(doc.verdicts?.[id] || [])] },
    tasks: (doc.tasks || []).filter((one) => !(one.kind === "verify_claim" && one.source_id === id)),
  };
} });
