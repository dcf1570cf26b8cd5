// The story, newest first: what happened, by whom; what is saved here and not yet answered says so.
import { html } from "../kernel/ui.js";
import { locale, t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { Section } from "../parts/page.js";
import { recordState } from "../parts/state.js";
import { Pictures } from "./documents.js";

export function Timeline({ customer }) {
  const { timeline = [] } = customer;
  return html`<${Section} id="timeline" title=${t("Timeline")}>
    ${!timeline.length && html`<p class="sub">${t("Nothing on record yet. The first visit will stand here.")}</p>`}
    <ol class="list">${timeline.map((one) => html`<li class="row line-row" key=${one.id}><span class="stack tight">
      <span class="sub num">${[when(one.at), one.by].filter(Boolean).join(" · ")}</span>
      <span>${locale.value === "zh" ? one.text_zh : one.text_en}</span>
      ${one.pending && html`<span class="tag">${recordState(one.command_id)}</span>`}
      <${Pictures} photos=${(customer.photos || []).filter((photo) => photo.of_id === one.id)} /></span></li>`)}</ol>
  <//>`;
}
