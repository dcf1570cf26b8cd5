// What to say to a reason just heard: the house's own lines, what to ask for, how it is verified.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { excuses } from "../visits/excuses.js";
import { Say, linesFor } from "../table/ready.js";
import { hopedFor } from "../table/ask.js";
import "../words/truth.js";
import "../words/visits.js";

export default function Script({ customer, code }) {
  const excuse = excuses().find((one) => one.code === code);
  if (!excuse) return null;
  const lines = linesFor(code, customer, hopedFor(customer)).filter((one) => !one.sent);
  const reply = excuse.reply && pick(excuse.reply);
  return html`<section class="band stack" aria-label=${t("What to say to that")}>
    <h3>${t("What to say to that")}</h3>
    ${reply && html`<${Say} lines=${[{ text: reply }]} />`}
    <${Say} lines=${lines.length ? lines : linesFor("back", customer)} />
    ${excuse.asks?.length > 0 && html`<p><b>${t("Ask for")}</b> ${excuse.asks.map((one) => pick(one)).join(t(", "))}</p>`}
    ${excuse.verify && html`<p class="sub">${t("To verify: {how}", { how: pick(excuse.verify) })}</p>`}
  </section>`;
}
