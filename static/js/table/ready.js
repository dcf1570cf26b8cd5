// Ready words: what to say, and a text to send that may be changed first; phrases of pity are marked, never refused.
import { html, useState } from "../kernel/ui.js";
import { locale, t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { today } from "../kernel/dates.js";
import { dated } from "../parts/day.js";
import { docs } from "../kernel/docs.js";
import { user } from "../kernel/session.js";
import { ProseField } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import { shareText } from "../parts/share.js";
import { smsLink } from "../parts/tel.js";
import { Firm } from "../parts/firm.js";
import { figures, fill } from "./fill.js";

/** The lines for a use or an excuse, filled in; those with a figure that is not there are left out. */
export function linesFor(use, customer, ask = 0) {
  const settings = docs.one("settings").value || {};
  const zh = locale.value === "zh";
  const given = { company: zh ? settings.company : settings.company_en || settings.company, me: docs.one("me").value?.name || user.value?.name || "", today: today(), ask };
  const known = figures(customer, given, { money, day: dated });
  return (settings.talk || []).filter((one) => one.use === use).map((one) => ({ text: fill(zh ? one.zh : one.en, known), sent: one.sent })).filter((one) => one.text);
}

/** What to say, to be read out: the ask may stand in it. */
export function Say({ lines }) {
  return lines.map((one) => html`<blockquote class="quote" key=${one.text}><p>${one.text}</p></blockquote>`);
}

/** A text to send: shown as it will go, changed if one likes, sent by whatever way. */
export function Send({ customer, title, text: given, purpose = "demand" }) {
  const [text, setText] = useState(given);
  const [said, setSaid] = useState("");
  const phone = ((customer.contacts || []).find((one) => one.phone) || customer).phone;
  // a text that presses asks the gate first, and is counted for whoever comes next
  const asked = (go) => import("../gate/keeper.js").then(({ ask, note }) =>
    ask(customer.id, { channel: "message", purpose }, () => Promise.resolve(go()).then((done) => done !== "" && note(customer.id, "message", purpose))), go);
  const share = async () => {
    const done = await shareText(title, text);
    setSaid(done);
    return done;
  };
  return html`<div class="stack tall">
    <${ProseField} label=${title} value=${text} onInput=${setText} max=${600} />
    <${Firm} text=${text} />
    <div class="btns">
      <button type="button" class="btn line grow" onClick=${() => asked(share)}><${Icon} name="share" small /> ${t("Share")}</button>
      ${phone && html`<a class="btn line grow" href=${smsLink(phone, text)} onClick=${(event) => (event.preventDefault(), asked(() => location.assign(smsLink(phone, text))))}><${Icon} name="mail" small /> ${t("Text message")}</a>`}
    </div>
    ${said && html`<p class="sub" role="status">${said}</p>`}
  </div>`;
}
