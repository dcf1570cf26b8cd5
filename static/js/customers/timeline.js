// The story, newest first: what happened, by whom; what is saved here and not yet answered says so.
import { html } from "../kernel/ui.js";
import { locale, t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { Section } from "../parts/page.js";
import { recordState } from "../parts/state.js";
import { Pictures } from "./documents.js";
import { Link } from "../kernel/router.js";
import { askWords, asksOf } from "../table/asking.js";
import { callForm } from "./call.js";

export function Timeline({ customer }) {
  const { timeline = [] } = customer;
  return html`<${Section} id="timeline" title=${t("Timeline")}>
    ${!timeline.length && html`<p class="sub">${t("Nothing on record yet. The first visit will stand here.")}</p>`}
    <ol class="list">${timeline.map((one) => html`<li class="row line-row" key=${one.id}><span class="stack tight">
      <span class="sub num">${[when(one.at), one.by].filter(Boolean).join(" · ")}</span>
      <span>${locale.value === "zh" ? one.text_zh : one.text_en}</span>
      <${Asked} customer=${customer} one=${one} />
      ${one.pending && html`<span class="tag">${recordState(one.command_id)}</span>`}
      <${Pictures} photos=${(customer.photos || []).filter((photo) => photo.of_id === one.id)} /></span></li>`)}</ol>
  <//>`;
}

/** What was asked for at a visit or a call, and the answer; 未谈款 where nothing is written, with the way to write it. */
function Asked({ customer, one }) {
  const call = one.kind === "action" && one.method && one.method === callForm()?.method;
  if (one.kind !== "visit" && !call) return null;
  const made = asksOf(customer, one.id);
  if (made.length) return made.map((ask) => html`<span class="sub" key=${ask.id}>${askWords(ask)}</span>`);
  if (!(customer.open_minor > 0)) return null;
  return html`<${Link} class="link sub" href=${`/app/customers/${customer.id}/table?kind=${call ? "call" : "visit"}&contact=${one.id}`}>${t("Payment not discussed")}<//>`;
}
