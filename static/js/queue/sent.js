// Sent items of 30 days, day by day: what was sent, what the office answered, and the way to the record.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { addDays, clock, dateOf, day, today } from "../kernel/dates.js";
import { history } from "../kernel/answers.js";
import { queue } from "../kernel/outbox.js";
import { Link } from "../kernel/router.js";
import { status } from "../kernel/sync.js";
import { Icon } from "../parts/icons.js";
import { Lines } from "./entry.js";
import { customerOf, placeOf } from "./summary.js";
import { operationWords, resultWords } from "./words.js";

const FEW = 20;

function dayWords(on) {
  if (on === today()) return t("Today");
  return on === addDays(today(), -1) ? t("Yesterday") : day(on);
}

/** Rows by the day of their answer, the newest first. */
export function byDay(rows) {
  const days = new Map();
  for (const one of rows) days.set(dateOf(one.at), [...(days.get(dateOf(one.at)) ?? []), one]);
  return [...days];
}

export function Sent() {
  const [rows, setRows] = useState(null);
  const [shown, setShown] = useState(FEW);
  useEffect(() => {
    history().then(setRows, () => setRows([]));
  }, [queue.value.length, status.value.lastAt]);
  if (!rows?.length) return null;
  return html`<section class="sect" aria-label=${t("Sent items")}><header><h2>${t("Sent items")}</h2><span class="sub num">${t("30 days: {n}", { n: rows.length })}</span></header>
    ${byDay(rows.slice(0, shown)).map(([on, list]) => html`<div key=${on}><h3>${dayWords(on)}</h3>
      <ul class="list">${list.map((one) => html`<${Item} key=${one.command.command_id} one=${one} />`)}</ul></div>`)}
    ${rows.length > shown && html`<button type="button" class="btn soft block" onClick=${() => setShown(shown + 5 * FEW)}>${t("Show {n} more", { n: Math.min(5 * FEW, rows.length - shown) })}</button>`}
  </section>`;
}

function Item({ one }) {
  const { command, result = {}, at } = one;
  const [words, tone] = resultWords(result.status);
  const place = placeOf(command.operation, command.payload);
  const number = result.data?.number;
  return html`<li><details><summary class="row"><span class="stack tight">
        <span class="pair"><span class="name">${operationWords(command.operation)}</span><span class=${`tag ${tone}`}>${words}</span></span>
        <span class="sub num">${[customerOf(command.payload)?.name, clock(at), number].filter(Boolean).join(" · ")}</span></span>
      <${Icon} name="turn" /></summary>
    <div class="in"><${Lines} payload=${command.payload} />
      ${result.text && html`<p class=${result.status === "rejected" ? "err" : "sub"}>${result.text}</p>`}
      ${place && html`<${Link} class="btn line" href=${place}>${t("Open the record")}<//>`}</div></details></li>`;
}
