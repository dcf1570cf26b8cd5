// Leaving: everything of this person is wiped here. What is not sent yet is named first, and can be kept as a file.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { logout, unsentOnDisk } from "../kernel/session.js";
import { status, syncNow } from "../kernel/sync.js";
import { Sheet } from "../parts/sheet.js";
import { exportOutbox } from "../kernel/outbox.js";
import { shareFile } from "../parts/share.js";

export function Leave({ onClose }) {
  const [left, setLeft] = useState(null);
  const [trying, setTrying] = useState(false);
  const [kept, setKept] = useState(false);
  const look = () => unsentOnDisk().then(setLeft);
  useEffect(() => void look(), []);
  if (!left) return null;
  const send = async () => {
    setTrying(true);
    await syncNow();
    setTrying(false);
    await look();
  };
  const keep = async () => {
    const name = `fieldsales-${new Date().toISOString().slice(0, 10)}.json`;
    setKept(Boolean(await shareFile(name, new File([await exportOutbox()], name, { type: "application/json" }))));
  };
  return html`<${Sheet} title=${t("Sign out")} onClose=${onClose}>
    ${left.drafts > 0 && html`<p class="band wait">${t("Drafts that were not saved: {n}. They are deleted, too.", { n: left.drafts })}</p>`}
    ${left.commands + left.photos > 0 ? html`<p class="band alert"><b>${t("Only on this phone: records {n}, photos {m}.", { n: left.commands, m: left.photos })}</b> ${t("Signing out deletes them here for good.")}</p>
        <button type="button" class="btn fill fat" disabled=${trying} onClick=${send}>${trying ? t("Sending") : t("Send first")}</button>
        <button type="button" class="btn line" onClick=${keep}>${t("Save them as a file")}</button>
        ${kept && html`<p class="sub" role="status">${t("The file is not sealed: give it to the office, then delete it.")}</p>`}
        <button type="button" class="btn line warn" onClick=${() => logout({ force: true })}>${t("Sign out and delete them")}</button>`
      : html`<p>${t("Everything is at the office. Customers, drafts and photos are deleted from this phone.")}</p>
        <button type="button" class="btn fill fat" onClick=${() => logout({ force: true })}>${t("Sign out")}</button>`}
    ${!status.value.online && html`<p class="hint">${t("Without a connection this phone is cleared now; the sign-in itself ends with the next connection.")}</p>`}
    <button type="button" class="btn line" onClick=${onClose}>${t("Stay")}</button>
  <//>`;
}
