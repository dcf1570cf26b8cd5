// A one-time code to the signatory's own phone or mailbox: optional, only with a network, for exactly the text on the screen.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { api } from "../kernel/api.js";
import { docs } from "../kernel/docs.js";
import { uuid7 } from "../kernel/ids.js";
import { status } from "../kernel/sync.js";
import { Choice, TextField } from "../parts/fields.js";
import "../words/afar.js";

const LOOKS = 20;
const EVERY_MS = 1500;

/** The ways this house can send codes by; none, and nothing is offered. */
export const codeWays = () => docs.one("settings").value?.code_ways || [];

export const wayChoices = () => [["email", t("E-mail")], ["sms", t("Text message")]].filter(([way]) => codeWays().includes(way));

/** Where a code would go by this way, as far as the customer's file knows. */
export function knownAddress(way, signatory, customer) {
  if (way === "sms") return signatory.phone || "";
  const contacts = customer.contacts || [];
  return (contacts.find((one) => one.email && one.name === signatory.name) || {}).email || "";
}

const trouble = (error) => error.text || (error.name === "Offline" ? t("No network now. The paper can be signed without a code; it says so.") : error.message);

/** How sending goes: looks until it went or failed, half a minute at most. */
function useSending(codeId, tell) {
  useEffect(() => {
    if (!codeId) return undefined;
    let left = LOOKS;
    const timer = setInterval(async () => {
      if (left-- <= 0) return clearInterval(timer);
      const found = await api("GET", `/signing-codes/${codeId}`).catch(() => null);
      if (!found || found.state === "queued") return undefined;
      tell(found.state === "failed" ? t("It could not be sent: {why}", { why: found.answer }) : t("Sent."));
      return clearInterval(timer);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [codeId]);
}

/** `frozen`: the text to be confirmed; `onConfirmed(confirmation)`. */
export function OneTimeCode({ frozen, customer, confirmation, onConfirmed }) {
  const [way, setWay] = useState(codeWays()[0] || "email");
  const [to, setTo] = useState(knownAddress(way, frozen.signatory, customer));
  const [sent, setSent] = useState(null);
  const [typed, setTyped] = useState("");
  const [said, setSaid] = useState("");
  useSending(sent?.code_id, setSaid);
  if (confirmation) return html`<p class="band good" role="status"><b>${t("Confirmed with a one-time code")}</b> ${confirmation.masked}</p>`;
  const choose = (next) => {
    setWay(next);
    setTo(knownAddress(next, frozen.signatory, customer));
  };
  const send = async () => {
    setSaid("");
    try {
      const body = { code_id: uuid7(), customer_id: customer.id, channel: way, to: to.trim(), number: frozen.payload.number, text_sha256: frozen.text_sha256, lang: frozen.lang };
      setSent(await api("POST", "/signing-codes", body));
      setTyped("");
    } catch (error) {
      setSaid(trouble(error));
    }
  };
  const check = async () => {
    try {
      const told = await api("POST", `/signing-codes/${sent.code_id}`, { code: typed });
      if (told.confirmation) onConfirmed(told.confirmation);
      else setSaid(t("Not right. Tries left: {n}", { n: told.left }));
    } catch (error) {
      setSaid(trouble(error));
    }
  };
  return html`<details><summary class="link">${t("Confirm with a one-time code (optional)")}</summary><div class="in stack">
    <p class="hint">${t("The code goes to the signatory's own phone or mailbox; they type it in here. It shows that whoever signs can read what is sent there. Without it the paper says that none was used.")}</p>
    ${!status.value.online && html`<p class="hint">${t("No network now. The paper can be signed without a code; it says so.")}</p>`}
    ${wayChoices().length > 1 && html`<${Choice} label=${t("Send the code by")} shape="seg" value=${way} options=${wayChoices()} onInput=${choose} />`}
    <${TextField} label=${way === "sms" ? t("The signatory's own phone") : t("The signatory's own e-mail address")} type=${way === "sms" ? "tel" : "email"} value=${to} onInput=${setTo} />
    <button type="button" class="btn line" disabled=${!to.trim()} onClick=${send}>${sent ? t("Send a new code") : t("Send the code")}</button>
    ${sent && html`<${TextField} label=${t("Code sent to {address}", { address: sent.masked })} mode="numeric" max=${12} value=${typed} onInput=${setTyped} />
      ${!sent.on_file && html`<p class="hint">${t("This address is not in the customer's file; the paper says so.")}</p>`}
      <button type="button" class="btn soft" disabled=${typed.replace(/\D/g, "").length !== 6} onClick=${check}>${t("Confirm the code")}</button>`}
    ${said && html`<p class="sub" role="status">${said}</p>`}
  </div></details>`;
}
