// Reasons this customer gave before, and what they turned out to be. The newest first; one of each code says how often.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { Section } from "../parts/page.js";
import { excuseWords } from "../visits/excuses.js";

const SHORT = 5;

/** What a reason turned out to be: [words, tone]. */
export const truthOf = (state) => ({
  true: [t("was true"), "good"], false: [t("was not true"), "alert"], partly: [t("was partly true"), "wait"], unverified: [t("not verified yet"), ""],
}[state] || [state, ""]);

export function Claims({ customer }) {
  const [all, setAll] = useState(false);
  const claims = [...(customer.claims || [])].sort((a, b) => String(b.at).localeCompare(String(a.at)));
  if (!claims.length) return null;
  const untrue = claims.filter((one) => one.state === "false").length;
  const shown = all ? claims : claims.slice(0, SHORT);
  return html`<${Section} id="claims" title=${t("Reasons given before")} side=${untrue ? t("{n} of {of} were not true", { n: untrue, of: claims.length }) : ""}>
    <ul class="list">${shown.map((one) => html`<${Claim} key=${one.id} claim=${one} />`)}</ul>
    ${claims.length > shown.length && html`<button type="button" class="btn soft block" onClick=${() => setAll(true)}>${t("Show all {n} reasons", { n: claims.length })}</button>`}
  <//>`;
}

function Claim({ claim }) {
  const [words, tone] = truthOf(claim.state);
  return html`<li class="row"><span class="stack tight"><span>${excuseWords(claim.code)}${claim.words ? ` “${claim.words}”` : ""}</span><span class="sub num">${when(claim.at)}</span></span>
    <span class="pair"><span class=${`tag ${tone}`}>${words}</span>${claim.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</span></li>`;
}
