// A plan for a signatory who is not here: the same text behind a link, signed on their own device.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { api } from "../kernel/api.js";
import { when } from "../kernel/dates.js";
import { drafts } from "../kernel/drafts.js";
import { syncNow } from "../kernel/sync.js";
import { Choice, TextField } from "../parts/fields.js";
import { settled } from "../parts/draft.js";
import { Link } from "../kernel/router.js";
import { Dock, Top } from "../parts/page.js";
import { Icon } from "../parts/icons.js";
import { copyText, shareText } from "../parts/share.js";
import { knownAddress, wayChoices } from "./code.js";
import { shortHash } from "./seal.js";
import "../words/afar.js";

/** What is asked besides the text: whether a code is wanted, and where it goes. */
export function AfarTerms({ draft, change, customer }) {
  const ways = wayChoices();
  const pick = (code_way) => change({ code_way, code_to: code_way ? knownAddress(code_way, draft.signatory, customer) : "" });
  return html`<div class="stack"><p class="hint">${t("The signatory gets a link, reads this very text on their own device, and signs there. It can be used once, and holds three days unless the office set another time.")}</p>
    ${ways.length > 0 && html`<${Choice} label=${t("One-time code for signing")} value=${draft.code_way || ""} options=${[["", t("No code")], ...ways]} onInput=${pick} />`}
    ${draft.code_way && html`<${TextField} label=${draft.code_way === "sms" ? t("The signatory's own phone") : t("The signatory's own e-mail address")} type=${draft.code_way === "sms" ? "tel" : "email"} value=${draft.code_to || ""} onInput=${(code_to) => change({ code_to })} />`}
  </div>`;
}

/** Makes the link; resolves to what stands on the screen afterwards. The draft goes once the office has it. */
export async function makeLink(draft, frozen, draftKey) {
  await settled(draftKey);
  const made = await api("POST", "/signing-links", {
    link_id: draft.link_id, payload: frozen.payload, lang: frozen.lang, clause_version: frozen.clause_version, text_sha256: frozen.text_sha256,
    signatory: frozen.signatory, code_channel: draft.code_way || "", code_to: draft.code_way ? draft.code_to.trim() : "",
  });
  await drafts.remove(draftKey);
  syncNow();
  return { link: made, number: frozen.payload.number, text_sha256: frozen.text_sha256, name: frozen.signatory.name };
}

export const afarTrouble = (error) => error.text || (error.name === "Offline" ? t("A link needs a connection. The draft is kept; make it when there is one.") : error.message);

export function LinkDone({ customer, done }) {
  const [said, setSaid] = useState("");
  const words = t("Please read and sign the repayment plan {number} here: {url}", { number: done.number, url: done.link.url });
  return html`<main class="page">
    <${Top} title=${t("The link is made")} small=${customer.name} />
    <section class="stack">
      <p class="band good" role="status"><b class="num">${done.number}</b> ${t("{name} signs on their own device, until {at}.", { name: done.name, at: when(done.link.ends_at) })}</p>
      <p>${t("Send the link to {name} alone: whoever has it can read the text and sign it.", { name: done.name })}</p>
      <p class="hash break">${done.link.url}</p>
      <p class="sub">${t("Check sum of this text")} <span class="hash">${shortHash(done.text_sha256)}</span></p>
      <div class="btns"><button type="button" class="btn soft grow" onClick=${async () => setSaid(await shareText(done.number, words))}><${Icon} name="share" small /> ${t("Share the link")}</button>
        <button type="button" class="btn line grow" onClick=${async () => setSaid(await copyText(words))}><${Icon} name="note" small /> ${t("Copy the link")}</button></div>
      <p class="sub">${t("Nothing is signed yet. Once it is, the plan stands with the customer like one signed here. The link can be taken back on the customer's page.")}</p>
      ${said && html`<p class="sub" role="status">${said}</p>`}
    </section>
    <${Dock}><${Link} class="btn fill fat grow" href=${`/app/customers/${customer.id}`} replace>${t("Back to the customer")}<//><//>
  </main>`;
}
