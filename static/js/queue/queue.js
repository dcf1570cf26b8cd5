// The queue: what waits on this phone, since when, why; what was refused and what to do; and what was sent before.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { clock, when } from "../kernel/dates.js";
import { queue } from "../kernel/outbox.js";
import { status, syncNow } from "../kernel/sync.js";
import { Dock, Empty, Section, Top } from "../parts/page.js";
import { Icon } from "../parts/icons.js";
import { stateInWords } from "../parts/state.js";
import { Damaged } from "./damaged.js";
import { Entry } from "./entry.js";
import { Files } from "./files.js";
import { Sent } from "./sent.js";
import "../words/queue.js";
import "../words/visits.js";
import "../words/customers.js";
import "../words/plans.js";
import "../words/promises.js";
import "../words/receipts.js";

const WRONG = ["held", "rejected", "conflict"];

export default function Queue() {
  const [said, setSaid] = useState("");
  const [trying, setTrying] = useState(false);
  const entries = queue.value;
  const wrong = entries.filter((one) => WRONG.includes(one.state));
  const waiting = entries.filter((one) => !WRONG.includes(one.state));
  const { words } = stateInWords();
  const { next, lastAt, error, pending, blobs } = status.value;
  const send = async () => {
    setTrying(true);
    await syncNow();
    setTrying(false);
  };
  return html`<main class="page">
    <${Top} title=${t("What waits on this phone")} />
    <section class="stack" aria-label=${t("Sending")}>
      <p class="big" role="status">${words}</p>
      ${pending + blobs > 0 && html`<p>${t("records: {n}, photos: {m}", { n: pending, m: blobs })}</p>`}
      <p class="sub">${[lastAt ? t("Last complete exchange {time}", { time: when(lastAt) }) : "", next ? t("next try {time}", { time: clock(next) }) : "", error].filter(Boolean).join(" · ")}</p>
      ${status.value.phase === "login" && html`<p>${t("Everything is kept on this phone. Sign in, and it is sent.")}</p><a class="btn soft" href="/login?next=/app/queue">${t("Sign in")}</a>`}
    </section>
    ${!entries.length && html`<${Empty} title=${t("Nothing waits")} text=${t("Everything saved on this phone is at the office.")} />`}
    <${Damaged} />
    ${wrong.length > 0 && html`<${Section} id="wrong" title=${t("To look at")} side=${String(wrong.length)}><ol class="list">${wrong.map((one) => html`<${Entry} key=${one.command_id} one=${one} />`)}</ol><//>`}
    ${waiting.length > 0 && html`<${Section} id="waiting" title=${t("Waits to be sent")} side=${String(waiting.length)}><ol class="list">${waiting.map((one) => html`<${Entry} key=${one.command_id} one=${one} />`)}</ol><//>`}
    <${Sent} />
    <section class="sect" aria-label=${t("As a file")}><header><h2>${t("As a file")}</h2></header>
      <p class="sub">${t("If this phone cannot send for days: keep what waits as a file and give it to the office or another phone. It counts once, wherever it arrives first.")}</p>
      <${Files} say=${setSaid} any=${entries.length > 0} />
      ${said && html`<p class="sub" role="status">${said}</p>`}</section>
    <${Dock}><button type="button" class="btn fill fat grow" disabled=${trying} onClick=${send}><${Icon} name="retry" small /> ${trying ? t("Sending") : t("Send now")}</button><//>
  </main>`;
}
