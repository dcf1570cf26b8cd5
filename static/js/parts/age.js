// How old a debt is: five steps that differ in lightness and always carry their number.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { headline, money } from "../kernel/money.js";

/** Step 0 (not due) to 4 (over 90 days) for a number of days past due. */
export function ageStep(days) {
  if (!days || days <= 0) return 0;
  return Math.min(4, Math.ceil(days / 30));
}

/** A pill: `逾期 37 天` on its step's colour. Nothing owed: says so. */
export function Age({ days, due }) {
  if (days === null || days === undefined) return html`<span class="tag">${t("Nothing overdue")}</span>`;
  const words = days === 1 ? t("1 day overdue") : days > 0 ? t("{n} days overdue", { n: days }) : due ? t("Not due") : t("Due today");
  return html`<span class=${`age age-${ageStep(days)}`}>${words}</span>`;
}

const steps = () => [t("Not due"), t("1–30 days"), t("31–60 days"), t("61–90 days"), t("Over 90 days")];

/** The customer's open debt by age: a strip, and the same as a list with amounts. */
export function Ramp({ ageing, currency, exact }) {
  const total = ageing.reduce((sum, part) => sum + Math.max(0, part), 0);
  if (!total) return null;
  const names = steps();
  return html`<div class="ramp">
    <div class="strip" aria-hidden="true">
      ${ageing.map((part, n) => part > 0 && html`<i class=${`age-${n}`} style=${{ flexGrow: part / total }}></i>`)}
    </div>
    <ul>
      ${ageing.map((part, n) => part > 0 && html`<li><i class=${`age-${n}`} aria-hidden="true"></i>${names[n]}
        <b class="num">${exact ? money(part, currency) : headline(part, currency)}</b></li>`)}
    </ul>
  </div>`;
}
