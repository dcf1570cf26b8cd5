// Mailing a sealed paper to the customer: saved like everything else, sent by the office once it is there.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { TextField } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import { settled, useKeptText } from "../parts/draft.js";
import { saveTrouble } from "../parts/saved.js";
import { recordState } from "../parts/state.js";

const ADDRESS = /^[^\s@<>,;:"]{1,64}@[^\s@<>,;:"]{1,180}\.[^\s@<>,;:".]{2,63}$/;

export function MailPaper({ customer, documentId }) {
  const known = (customer.contacts || []).find((one) => one.email)?.email || "";
  const key = `mail/${documentId}`;
  const [to, setTo] = useKeptText(key, known);
  const [sent, setSent] = useState(null);
  const [trouble, setTrouble] = useState("");
  const kind = (customer.documents || []).find((one) => one.id === documentId)?.kind;
  const asked = () => {
    if (!ADDRESS.test(to.trim())) {
      setTrouble(t("Write one e-mail address, such as boss@example.com."));
      return;
    }
    import("../gate/keeper.js").then(({ ask }) => ask(customer.id, { channel: "mail", purpose: kind === "letter" ? "demand" : "service" }, send), send);
  };
  const send = async () => {
    try {
      await settled(key);
      const payload = { mail_id: uuid7(), customer_id: customer.id, document_id: documentId, to: to.trim() };
      setSent(await save({ operation: "collection.send_document", payload, entity_id: payload.mail_id, draft: key }));
      setTrouble("");
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  if (sent) return html`<p class="band good" role="status"><b>${t("Mail to {address}", { address: to.trim() })}</b> ${recordState(sent.command_id)}</p>`;
  return html`<details><summary class="link"><${Icon} name="mail" small /> ${t("Mail it to the customer")}</summary>
    <div class="in"><${TextField} label=${t("E-mail address")} type="email" mode="email" value=${to} error=${trouble} onInput=${setTo} />
      <button type="button" class="btn soft" onClick=${asked}>${t("Send by e-mail")}</button></div></details>`;
}
