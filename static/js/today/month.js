// The month's money: what came in, what waits for confirmation, what is missing to the target, if there is one.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { headline, money } from "../kernel/money.js";
import { Link } from "../kernel/router.js";

export function Month({ me }) {
  const { received_month_minor: got, target_minor: target, pending_receipts_minor: pending } = me;
  const share = target ? Math.min(1, got / target) : 0;
  const gap = target ? target - got : 0;
  return html`<section class="stack month" aria-label=${t("Received this month")}>
    <div class="pair between">
      <p><span class="sub">${t("Received this month")}</span> <b class="num" title=${money(got)}>${headline(got)}</b>
        ${target ? html`<span class="sub num"> / ${headline(target)}</span>` : null}</p>
      ${target ? html`<${Link} class="sub num" href="/app/targets">${gap > 0 ? t("{amount} to go", { amount: headline(gap) }) : t("Target reached")}<//>` : null}
    </div>
    ${target ? html`<div class="meter" role="img" aria-label=${t("{n} % of the month's target", { n: Math.floor(share * 100) })}>
      <i style=${{ flexBasis: `${share * 100}%` }}></i></div>` : null}
    ${pending > 0 && html`<p class="sub num">${t("{amount} registered, waiting for finance", { amount: headline(pending) })}</p>`}
  </section>`;
}
