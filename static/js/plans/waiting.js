// Links that wait for a signature: sent again, or taken back.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { api } from "../kernel/api.js";
import { nowIso, when } from "../kernel/dates.js";
import { money } from "../kernel/money.js";
import { save } from "../kernel/outbox.js";
import { saveTrouble } from "../parts/saved.js";
import { copyText, shareText } from "../parts/share.js";
import { afarTrouble } from "./afar.js";
import "../words/plans.js";
import "../words/afar.js";

export default function Waiting({ customer }) {
  return html`<ul class="list">${customer.signing_links.map((link) => html`<${One} key=${link.id} link=${link} customer=${customer} />`)}</ul>`;
}

function One({ link, customer }) {
  const [said, setSaid] = useState("");
  const [taken, setTaken] = useState(false);
  const over = link.ends_at < nowIso();
  const again = async () => {
    try {
      const { url } = await api("GET", `/signing-links/${link.id}`);
      const words = t("Please read and sign the repayment plan {number} here: {url}", { number: link.number, url });
      setSaid((await shareText(link.number, words)) || (await copyText(words)));
    } catch (error) {
      setSaid(afarTrouble(error));
    }
  };
  const withdraw = async () => {
    try {
      await save({ operation: "plans.withdraw_link", payload: { link_id: link.id, customer_id: customer.id }, entity_id: link.id });
      setTaken(true);
    } catch (error) {
      setSaid(saveTrouble(error));
    }
  };
  return html`<li><details><summary class="row"><span class="stack tight"><span class="name">${t("Waits for a signature by link")}</span><span class="sub num">${link.number}</span>
      <span class="sub">${over ? t("Run out on {at}", { at: when(link.ends_at) }) : t("{name} · until {at}", { name: link.name, at: when(link.ends_at) })}</span></span>
    <span class="amount">${money(link.total_minor, link.currency)}</span></summary>
    <div class="in stack"><p class="sub">${link.opened_at ? t("opened {at}", { at: when(link.opened_at) }) : t("not opened yet")}</p>
      ${taken ? html`<p class="band" role="status">${t("Taken back here")}</p>` : html`<div class="btns">
        ${!over && html`<button type="button" class="btn soft" onClick=${again}>${t("Send it again")}</button>`}
        <button type="button" class="btn line" onClick=${withdraw}>${t("Take it back")}</button></div>`}
      ${said && html`<p class="sub" role="status">${said}</p>`}</div></details></li>`;
}
