// What a judged promise is called and why, in words: for the rep's eyes, never on the customer's view.
import { html } from "../kernel/ui.js";
import { locale, t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import "../words/judgement.js";

export const classWords = (klass) => ({ easy: t("easy to keep"), costly: t("costly but real"), impossible: t("hardly possible"), evasive: t("nothing firm") })[klass] || "";
export const classTone = (klass) => ({ easy: "good", impossible: "alert", evasive: "wait" })[klass] || "";
export const percent = (bp) => `${Math.floor((bp + 50) / 100)}%`;

/** One line of the table in words. `usual` and `best` are minor units. */
export function reason(code, values, currency) {
  const said = { ...values, usual: money(values.usual || 0, currency).replace(/\.00$/, ""), best: money(values.best || 0, currency).replace(/\.00$/, "") };
  return {
    record: t("kept so far: {kept} of {settled} promises, in part {partly}; the house keeps {house}", said),
    no_record: t("no promise settled yet: begun with the house's {house}", said),
    no_day: t("no day was named"), no_payer: t("nobody is named who will pay"), not_the_decider: t("whoever said it does not decide about payments"),
    hedged: t("the words leave a way out: “{word}”", said), put_off: t("put off before: {count} times", said),
    far_off: t("more than 30 days away"), very_far_off: t("more than 90 days away"),
    usual_sum: t("no more than they usually pay in that time ({usual})", said),
    stretch: t("more than they usually pay in that time ({usual}), though they have done it", said),
    above_best: t("more than they ever paid in that time ({best})", said), beyond: t("more than twice what they ever paid in that time ({best})", said),
    no_history: t("too few payments on record to compare the sum with"),
    own_cash: t("from money they have"), bill: t("with a bill they hold"), owner_money: t("from the owner's own pocket"),
    customers_pay: t("only when their own customers pay"), bank_loan: t("only when a bank lends"), not_funded: t("they did not say where the money comes from"),
    others_unfunded: t("promised to other suppliers as well, and no proof of the money"), others_funded: t("promised to other suppliers as well"),
    proven: t("proof of the money was seen"), confirmed: t("confirmed in writing"),
    untruthful: t("reasons they gave before were mostly not true"), truthful: t("reasons they gave before were mostly true"),
  }[code] || code;
}

/** The class and probability of one promise as a tag. */
export function Verdict({ klass, bp }) {
  return klass ? html`<span class=${`tag ${classTone(klass)}`}>${classWords(klass)} ${percent(bp)}</span>` : null;
}

/** What the office judged of a promise on record, in the present language. */
export const reasonsOf = (judged) => (locale.value === "zh" ? judged.reasons_zh : judged.reasons_en) || [];
