// PIN, passkey, and how soon this phone locks itself.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { MINUTES, lockAfter, setLockAfter } from "../kernel/away.js";
import { lock } from "../kernel/door.js";
import { passkeys, removePasskey } from "../kernel/keyring.js";
import { passkeyProblem } from "../kernel/passkey.js";
import { fullDay } from "../kernel/dates.js";
import { Section, Top } from "../parts/page.js";
import { Choice } from "../parts/fields.js";
import { NewPasskey, NewPin } from "./change.js";
import "../words/pin.js";

const minuteWords = (n) => (n ? t("After {n} minutes", { n }) : t("At once"));

export default function Settings() {
  const [minutes, setMinutes] = useState(null);
  const [list, setList] = useState([]);
  const [problem, setProblem] = useState("none");
  const [doing, setDoing] = useState("");
  const [said, setSaid] = useState("");
  const look = () => passkeys().then(setList);
  useEffect(() => {
    lockAfter().then(setMinutes);
    look();
    passkeyProblem().then(setProblem, () => {});
  }, []);
  const over = (words) => {
    setDoing("");
    setSaid(words);
    look();
  };
  if (doing) {
    const Step = doing === "pin" ? NewPin : NewPasskey;
    return html`<${Step} any=${list.length > 0} onDone=${over} onBack=${() => setDoing("")} />`;
  }
  const choose = (n) => setLockAfter(n).then(() => setMinutes(n));
  const remove = (one) => removePasskey(one.id).then(() => over(t("The passkey opens nothing here any more. Delete it in the phone's own list, too.")));
  return html`<main class="page">
    <${Top} title=${t("PIN and lock")} />
    ${said && html`<p class="band good" role="status">${said}</p>`}
    <${Section} id="when" title=${t("Lock when the app was left")}>
      ${minutes !== null && html`<${Choice} hideLabel shape="seg" label=${t("Lock when the app was left")} value=${minutes} options=${MINUTES.map((n) => [n, minuteWords(n)])} onInput=${choose} />`}
      <p class="hint">${t("While a photo is taken it waits five minutes. Drafts are kept, and the same form is there after unlocking.")}</p>
      <button type="button" class="btn line block" onClick=${lock}>${t("Lock now")}</button>
    <//>
    <${Section} id="pin-own" title=${t("PIN")}>
      <button type="button" class="btn line block" onClick=${() => setDoing("pin")}>${t("Change the PIN")}</button>
    <//>
    <${Section} id="passkey" title=${t("Passkey")}>
      <ul class="list">${list.map((one) => html`<li class="row" key=${one.id}><span><span class="name">${t("Passkey of {day}", { day: fullDay(one.made_at.slice(0, 10)) })}</span></span>
        <button type="button" class="btn line warn" onClick=${() => remove(one)}>${t("Remove")}</button></li>`)}</ul>
      ${problem === "" ? html`<button type="button" class="btn line block" onClick=${() => setDoing("passkey")}>${t("Unlock by finger or face")}</button>`
        : html`<p class="hint">${problem === "address" ? t("A passkey needs an address with a name; this one is a number.") : t("This phone or browser offers no passkey here. The PIN is enough.")}</p>`}
    <//>
    <p class="hint sect">${t("The lock keeps the next person who holds this phone out. Against a laboratory that takes the phone apart it does not: tell the office at once when the phone is lost, and it is cleared at its next contact.")}</p>
  </main>`;
}
