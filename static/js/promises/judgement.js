// What the customer's word is worth beside the list of promises: who promised nothing, what rests, how many asks it takes.
import { html } from "../kernel/ui.js";
import { locale, t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { dated } from "../parts/day.js";
import { noReasons } from "./none.js";
import "../words/judgement.js";

const words = (one) => (locale.value === "zh" ? one.text_zh : one.text_en) || noReasons().find(([code]) => code === one.reason)?.[1] || t("No reason given");

export function Judgement({ customer }) {
  const { refusals = [], paused = {}, asks } = customer.judgement || {};
  const rests = Object.entries(paused);
  if (!refusals.length && !rests.length && !asks?.per_10k) return null;
  return html`<div class="stack tight">
    ${rests.map(([currency, minor]) => html`<p class="sub" key=${currency}>${t("New demands rest for {amount} until the day is over", { amount: money(minor, currency) })}</p>`)}
    ${asks?.per_10k > 0 && html`<p class="sub num">${t("{n} contacts for each 10,000 received", { n: asks.per_10k })}</p>`}
    ${refusals.length > 0 && html`<ul class="list">${refusals.map((one) => html`<li class="row" key=${one.id}><span class="stack tight">
      <span class="name">${t("Asked without a promise")}</span>
      <span class="pair"><span class="sub num">${dated(one.on)}</span><span class="tag wait">${words(one)}</span>${one.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</span>
      ${one.words && html`<span class="sub">“${one.words}”</span>`}</span></li>`)}</ul>`}
  </div>`;
}
