// Under a text to a customer: the phrases in it that beg, each with a firm way of saying it. Nothing is refused.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { mark } from "./pity.js";
import "../words/table.js";

const SHOWN = 3;

export function Firm({ text }) {
  const marks = mark(text || "", docs.one("settings").value?.phrases || []);
  if (!marks.length) return null;
  return html`<div class="band wait" role="status"><p>${t("This sounds like begging. Say it firmly:")}</p>
    ${marks.slice(0, SHOWN).map((one) => html`<p key=${one.start}><mark>${one.found}</mark>${one.instead && html` → ${one.instead}`}</p>`)}</div>`;
}
