// The whole text, as it will be printed and as it is hashed, for the customer to read before anything is signed.
import { html, useEffect, useRef } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { shortHash } from "./seal.js";

export function Review({ frozen, onEnd }) {
  const end = useRef(null);
  useEffect(() => {
    const seen = new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && onEnd());
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [frozen.text]);
  return html`<div class="stack">
    <p class="sub">${t("Hand the phone over so that the whole text can be read. Nothing is signed yet.")}</p>
    <article class="paper" lang=${frozen.lang === "en" ? "en" : "zh-CN"}>${frozen.blocks.map((block, n) => html`<${Block} key=${n} block=${block} />`)}</article>
    <p class="sub">${t("Number {number}", { number: frozen.payload.number })}<br />${t("Check sum of this text")} <span class="hash">${shortHash(frozen.text_sha256)}</span></p>
    <div ref=${end}></div>
  </div>`;
}

function Block({ block }) {
  const gap = block.gap ? "gap" : undefined;
  if (block.kind === "title") return html`<h2 class="paper-title" lang=${block.lang}>${block.text}</h2>`;
  if (block.kind === "number") return html`<p class="paper-number num">${block.text}</p>`;
  if (block.kind === "clause") return html`<h3 class=${gap} lang=${block.lang}>${block.text}</h3>`;
  if (block.kind === "rows") return html`<${Rows} block=${block} />`;
  return html`<p class=${gap} lang=${block.lang}>${block.text}</p>`;
}

/** A table that stays inside a narrow screen: what does not fit stands under its row. */
function Rows({ block }) {
  const wide = block.heads.length > 3;
  return html`<table class=${wide ? "paper-rows wide" : "paper-rows"}><caption class="sr">${block.caption}</caption>
    <thead><tr>${block.heads.slice(0, wide ? 3 : undefined).map((head, n) => html`<th scope="col" class=${block.aligns[n]}>${head}</th>`)}</tr></thead>
    <tbody>${block.rows.map((cells) => html`<tr>${cells.slice(0, wide ? 3 : undefined).map((cell, n) => html`<td class=${block.aligns[n]}>${cell}${wide && n === 2 ? html`<small>${cells[3]}</small>` : ""}</td>`)}</tr>`)}</tbody></table>`;
}
