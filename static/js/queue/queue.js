// The queue: what waits on this phone, since when, why; send again, look at what was refused, keep it as a file.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { clock, when } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { acknowledge, discard, history as answered, retry } from "../kernel/answers.js";
import { queue } from "../kernel/outbox.js";
import { status, syncNow } from "../kernel/sync.js";
import { Dock, Empty, Top } from "../parts/page.js";
import { Icon } from "../parts/icons.js";
import { stateInWords } from "../parts/state.js";
import { operationWords, stateWords } from "./words.js";
import "../words/queue.js";

export default function Queue() {
  const [said, setSaid] = useState("");
  const [trying, setTrying] = useState(false);
  const entries = queue.value;
  const { words } = stateInWords();
  const { next, lastAt, error } = status.value;
  const send = async () => {
    setTrying(true);
    await syncNow();
    setTrying(false);
  };
  return html`<main class="page">
    <${Top} title=${t("What waits on this phone")} />
    <section class="stack" aria-label=${t("Sending")}>
      <p class="big" role="status">${words}</p>
      <p class="sub">${[lastAt ? t("Last complete exchange {time}", { time: when(lastAt) }) : "", next ? t("next try {time}", { time: clock(next) }) : "", error].filter(Boolean).join(" · ")}</p>
      ${status.value.phase === "login" && html`<a class="btn soft" href="/login?next=/app/queue">${t("Sign in")}</a>`}
    </section>
    ${!entries.length && html`<${Empty} title=${t("Nothing waits")} text=${t("Everything saved on this phone is at the office.")} />`}
    <ol class="list">${entries.map((one) => html`<${Entry} key=${one.command_id} one=${one} />`)}</ol>
    <${Files} say=${setSaid} any=${entries.length > 0} />
    ${said && html`<p class="sub" role="status">${said}</p>`}
    <${History} />
    <${Dock}><button type="button" class="btn fill fat grow" disabled=${trying} onClick=${send}><${Icon} name="retry" small /> ${trying ? t("Sending") : t("Send now")}</button><//>
  </main>`;
}

function Entry({ one }) {
  const [trouble, setTrouble] = useState("");
  const customer = docs.get("customer", one.payload.customer_id || one.payload.payload?.customer_id || "").value;
  const act = (work) => async () => {
    try {
      await work(one.command_id);
    } catch (error) {
      setTrouble(error.message);
    }
  };
  const photos = one.blobs?.want > 0 ? t("photos {have} of {want}", one.blobs) : "";
  return html`<li class="row"><span class="stack tight">
      <span class="name">${operationWords(one.operation)}</span>
      <span class="sub">${[customer?.name, when(one.made_at), photos].filter(Boolean).join(" · ")}</span>
      <span class="pair"><span class=${`tag ${{ rejected: "alert", held: "wait", conflict: "wait" }[one.state] || ""}`}>${stateWords(one.state)}</span></span>
      ${one.text && html`<span>${one.text}</span>`}
      ${trouble && html`<span class="err" role="alert">${trouble}</span>`}
      <span class="btns">
        ${one.state === "held" && html`<button type="button" class="btn line" onClick=${act(retry)}>${t("Try again")}</button>`}
        ${["rejected", "conflict"].includes(one.state) && html`<button type="button" class="btn line" onClick=${act(acknowledge)}>${t("Read")}</button>`}
        ${one.state === "waiting" && !one.attempts && html`<button type="button" class="btn line warn" onClick=${act(discard)}>${t("Throw away")}</button>`}
      </span></span></li>`;
}

function Files({ say, any }) {
  const keep = async () => {
    const url = URL.createObjectURL(new Blob([await (await import("../kernel/outbox.js")).exportOutbox()], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `fieldsales-${new Date().toISOString().slice(0, 10)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    say(t("Kept as a file. Another phone or the office can take it in."));
  };
  const takeIn = async (event) => {
    const file = event.currentTarget.files[0];
    event.currentTarget.value = "";
    try {
      const { added, known } = await (await import("../kernel/outbox.js")).importOutbox(await file.text());
      say(t("Taken in: {added}; here already: {known}.", { added, known }));
    } catch {
      say(t("This file is not an outbox of fieldsales. Nothing was changed."));
    }
  };
  return html`<div class="btns">
    ${any && html`<button type="button" class="btn line grow" onClick=${keep}>${t("Keep as a file")}</button>`}
    <label class="btn line grow filepick">${t("Take in a file")}<input type="file" accept="application/json,.json" onChange=${takeIn} /></label></div>`;
}

function History() {
  const [rows, setRows] = useState(null);
  useEffect(() => {
    answered().then((found) => setRows(found), () => setRows([]));
  }, [queue.value.length, status.value.lastAt]);
  if (!rows?.length) return null;
  return html`<details><summary class="link">${t("Delivered in the last 30 days: {n}", { n: rows.length })}</summary>
    <ul class="list">${rows.slice(0, 100).map((one) => html`<li class="row" key=${one.command.command_id}><span class="name">${operationWords(one.command.operation)}</span><span class="sub num">${when(one.at)}</span></li>`)}</ul></details>`;
}
