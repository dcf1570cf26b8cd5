// PIN forgotten, or the key's record damaged: said honestly, and nothing deleted before the password and a clear word.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { provePassword, startOver, toTheDoor, unlockByPasskey } from "../kernel/door.js";
import { doorTrouble } from "./lock.js";
import "../words/pin.js";

const lost = ({ commands, photos, drafts }) => t("Never sent: records {n}, photos {m}, drafts {d}.", { n: commands, m: photos, d: drafts });
const some = ({ commands = 0, photos = 0, drafts = 0 } = {}) => commands + photos + drafts > 0;

/** `damaged`: no PIN can help any more; `proved`: the password was given. */
export default function Forgotten({ unsent, byPasskey, damaged, proved, onBack = toTheDoor }) {
  const [agreed, setAgreed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const act = (work) => async () => {
    setBusy(true);
    setTrouble("");
    await work().catch((error) => (setTrouble(doorTrouble(error)), setBusy(false)));
  };
  const title = damaged ? t("The key on this phone is damaged") : proved ? t("Start over on this phone") : t("PIN forgotten");
  const why = damaged ? t("What is sealed here can no longer be read, with no PIN.") : t("Without the PIN nobody can read what is on this phone, the office neither.");
  return html`<main class="page lock">
    <header><h1 tabindex="-1">${title}</h1><p class="sub">${proved ? t("The password is right.") : why}</p></header>
    <div class="stack">
      ${some(unsent) ? html`<p class="band alert"><b>${lost(unsent)}</b> ${t("Starting over deletes them here for good.")}</p>
          <label class="tick"><input type="checkbox" checked=${agreed} onChange=${() => setAgreed(!agreed)} /><span>${t("I know that they are lost.")}</span></label>`
        : html`<p class="band">${t("Nothing unsent lies here: starting over loses nothing that is saved.")}</p>`}
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
      ${byPasskey && html`<button type="button" class="btn fill fat block" disabled=${busy} onClick=${act(unlockByPasskey)}>${t("Unlock with the passkey")}</button>`}
      ${!damaged && html`<button type="button" class=${`btn ${proved || byPasskey ? "soft" : "fill"} fat block`} disabled=${busy} onClick=${onBack}>${t("Try the PIN again")}</button>`}
      ${proved ? html`<button type="button" class="btn line warn fat block" disabled=${busy || (some(unsent) && !agreed)} onClick=${act(startOver)}>${t("Delete and start over")}</button>`
        : html`<button type="button" class="btn line warn fat block" disabled=${busy || (some(unsent) && !agreed)} onClick=${act(() => provePassword("forgotten"))}>${t("Start over with the password")}</button>`}
    </div>
  </main>`;
}
