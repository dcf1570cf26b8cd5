// The locked phone: how much waits to be sent, the PIN or passkey, and nothing of anybody's customers.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { giveAway, provePassword, unlock, unlockByPasskey } from "../kernel/door.js";
import { MOST, NeedPassword, TooSoon, tries } from "../kernel/tries.js";
import { WrongPin, wraps } from "../kernel/vault.js";
import { Offline } from "../kernel/api.js";
import { Lazy } from "../parts/lazy.js";
import { Pad } from "./pad.js";

const forgotten = () => import("./forgotten.js");
const TOLD = 5; // from so many wrong ones on, how many are left is said

/** What is only on this phone, in words. */
export function waits({ commands = 0, photos = 0 } = {}) {
  if (commands + photos === 0) return "";
  return photos ? t("{n} records and {m} photos to send, after unlocking", { n: commands, m: photos }) : t("{n} to send, after unlocking", { n: commands });
}

/** Whatever went wrong at the door, in words. */
export function doorTrouble(error) {
  if (error instanceof WrongPin) return t("This PIN is not right.");
  if (error instanceof Offline) return t("This needs a connection. Nothing was changed.");
  if (error.why === "refused") return t("The passkey was not given. Try again, or use the PIN.");
  if (error.why) return t("This passkey does not open anything here. Use the PIN.");
  return t("It did not work: {why}. Nothing was deleted.", { why: error.message });
}

/** Counts down to the next try. */
function useTries(after) {
  const [state, setState] = useState({ count: 0, wait: 0, spent: false });
  useEffect(() => {
    let timer = 0;
    const look = () => tries().then((now) => (setState(now), now.wait && (timer = setTimeout(look, Math.min(1000, now.wait)))), () => {});
    look();
    return () => clearTimeout(timer);
  }, [after]);
  return state;
}

export function Lock({ unsent, closing, again }) {
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const [done, setDone] = useState(0);
  const [forgot, setForgot] = useState(false);
  const [byPasskey, setByPasskey] = useState(false);
  const { count, wait, spent } = useTries(`${done} ${again}`);
  useEffect(() => {
    wraps().then((list) => setByPasskey(list.some(({ kind }) => kind === "passkey")), () => {});
  }, []);
  const act = async (work) => {
    setBusy(true);
    setTrouble("");
    try {
      await work();
    } catch (error) {
      setPin("");
      setBusy(false);
      setDone((n) => n + 1);
      if (!(error instanceof TooSoon || error instanceof NeedPassword)) setTrouble(doorTrouble(error));
    }
  };
  if (forgot) return html`<${Lazy} load=${forgotten} unsent=${unsent} byPasskey=${byPasskey} onBack=${() => setForgot(false)} />`;
  const left = count >= TOLD ? t("{n} tries left before the account's password is asked for.", { n: MOST - count }) : "";
  const slow = wait ? t("Too many wrong PINs. Again in {s} s.", { s: Math.ceil(wait / 1000) }) : "";
  return html`<main class="page lock">
    <header><h1>${t("Locked")}</h1>
      <p class="sub" role="status">${waits(unsent) || t("Everything saved here is at the office.")}</p></header>
    ${again && html`<p class="band good">${t("The password is right. Try the PIN again.")}</p>`}
    ${spent ? html`<div class="stack"><p class="band alert"><b>${t("{n} wrong PINs.", { n: MOST })}</b> ${t("Sign in with the account's password; then the PIN can be tried again. Nothing was deleted.")}</p>
        ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
        <button type="button" class="btn fill fat block" disabled=${busy} onClick=${() => act(() => provePassword("tries"))}>${t("Sign in with the password")}</button></div>`
      : html`<${Pad} label=${t("Your PIN")} pin=${pin} onInput=${setPin} busy=${busy || closing || wait > 0} done=${t("Unlock")}
          wrong=${trouble && slow ? t("{trouble} {more}", { trouble, more: slow }) : trouble || slow} hint=${left} onDone=${() => act(() => unlock(pin))} />`}
    ${byPasskey && html`<button type="button" class="btn soft fat block" disabled=${busy || closing} onClick=${() => act(unlockByPasskey)}>${t("Unlock with the passkey")}</button>`}
    <div class="btns between"><button type="button" class="link" onClick=${() => setForgot(true)}>${t("PIN forgotten")}</button>
      <button type="button" class="link" disabled=${busy} onClick=${() => act(giveAway)}>${t("Another person signs in")}</button></div>
  </main>`;
}
