// Leaving: everything of this person is wiped here. What is not sent yet is named first, and can be kept as a file.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { logout, unsent } from "../kernel/session.js";
import { syncNow } from "../kernel/sync.js";
import { Sheet } from "../parts/sheet.js";
import { Link } from "../kernel/router.js";

export function Leave({ onClose }) {
  const [left, setLeft] = useState(unsent());
  const [trying, setTrying] = useState(false);
  const waiting = left.commands + left.photos;
  const send = async () => {
    setTrying(true);
    await syncNow();
    setTrying(false);
    setLeft(unsent());
  };
  return html`<${Sheet} title=${t("Sign out")} onClose=${onClose}>
    ${waiting > 0 ? html`<p class="band alert"><b>${t("Only on this phone: records {n}, photos {m}.", { n: left.commands, m: left.photos })}</b> ${t("Signing out deletes them here for good.")}</p>
        <button type="button" class="btn fill fat" disabled=${trying} onClick=${send}>${trying ? t("Sending") : t("Send first")}</button>
        <${Link} class="btn line" href="/app/queue" onClick=${onClose}>${t("Save them as a file")}<//>
        <button type="button" class="btn line warn" onClick=${() => logout({ force: true })}>${t("Sign out and delete them")}</button>`
      : html`<p>${t("Everything is at the office. Customers, drafts and photos are deleted from this phone.")}</p>
        <button type="button" class="btn fill fat" onClick=${() => logout({})}>${t("Sign out")}</button>`}
    <button type="button" class="btn line" onClick=${onClose}>${t("Stay")}</button>
  <//>`;
}
