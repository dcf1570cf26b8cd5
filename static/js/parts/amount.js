// Amounts: short in headlines, exact in lists, the exact one always a tap away.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { headline, money } from "../kernel/money.js";

/** A headline amount; a tap shows it exactly, another shortens it again. */
export function Headline({ minor, currency, size = "huge" }) {
  const [exact, setExact] = useState(false);
  const shown = exact ? money(minor, currency) : headline(minor, currency);
  const long = exact && shown.length > 13;
  return html`<button type="button" class=${`amount ${long ? "big" : size}`} aria-expanded=${exact}
    aria-label=${t("{amount}, tap for the exact amount", { amount: money(minor, currency) })}
    onClick=${() => setExact(!exact)}>${shown}</button>`;
}

/** An exact amount in a list. */
export const Amount = ({ minor, currency }) => html`<span class="amount">${money(minor, currency)}</span>`;
