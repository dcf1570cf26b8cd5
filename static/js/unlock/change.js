// Another PIN, or a passkey beside it: first the way in that one has, then the new one.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { addPasskey, changePin } from "../kernel/keyring.js";
import { NoPasskey } from "../kernel/passkey.js";
import { NeedPassword, TooSoon } from "../kernel/tries.js";
import { lock } from "../kernel/door.js";
import { Top } from "../parts/page.js";
import { doorTrouble } from "./lock.js";
import { Pad } from "./pad.js";
import { newPinTrouble } from "./rules.js";

const passkeyTrouble = (why) =>
  ({
    prf: t("This passkey can say who you are but cannot keep a secret (no PRF), so it cannot unlock. The PIN stays the way in."),
    address: t("A passkey needs an address with a name; this one is a number."),
  })[why] ?? t("The passkey was not given. Nothing was changed.");

function trouble(error) {
  if (error instanceof NeedPassword) void lock(); // the locked screen asks for the password
  if (error instanceof TooSoon) return t("Too many wrong PINs. Again in {s} s.", { s: Math.ceil(error.ms / 1000) });
  return error instanceof NoPasskey ? passkeyTrouble(error.why) : doorTrouble(error);
}

/** Asks step by step; `work` gets what was typed. */
function useSteps(work, done) {
  const [pin, setPin] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const type = (typed) => {
    setPin(typed);
    setWrong("");
  };
  const run = async (...given) => {
    setBusy(true);
    setPin("");
    try {
      done(await work(...given));
      return "";
    } catch (error) {
      setBusy(false);
      setWrong(trouble(error));
      return error;
    }
  };
  return { pin, type, wrong, setWrong, busy, run };
}

/** `any`: there is a passkey, which may stand for the present PIN. */
export function NewPin({ any, onDone, onBack }) {
  const [old, setOld] = useState(undefined); // undefined: asked first; null: by passkey
  const [first, setFirst] = useState("");
  const { pin, type, wrong, setWrong, busy, run } = useSteps(changePin, () => onDone(t("The new PIN holds from now on.")));
  const next = async () => {
    if (old === undefined) return setOld(pin), type("");
    const problem = first ? (pin === first ? "" : t("The two are not the same. Choose again.")) : newPinTrouble(pin);
    if (problem) return setFirst(""), type(""), setWrong(problem);
    if (!first) return setFirst(pin), type("");
    setFirst("");
    if (await run(old, pin)) setOld(undefined);
  };
  const label = old === undefined ? t("Present PIN") : first ? t("PIN again") : t("New PIN");
  return html`<main class="page lock"><${Top} title=${t("Change the PIN")} onBack=${onBack} />
    <${Pad} label=${label} pin=${pin} onInput=${type} onDone=${next} done=${first ? t("Set the PIN") : t("Next")} busy=${busy} wrong=${wrong}
      hint=${old === undefined ? "" : t("At least 6 digits. Nobody can tell it to you again, the office neither.")} />
    ${any && old === undefined && html`<button type="button" class="btn soft fat block" onClick=${() => setOld(null)}>${t("By passkey instead")}</button>`}
  </main>`;
}

export function NewPasskey({ onDone, onBack }) {
  const { pin, type, wrong, busy, run } = useSteps(addPasskey, () => onDone(t("From now on the passkey unlocks too.")));
  return html`<main class="page lock"><${Top} title=${t("Unlock by finger or face")} onBack=${onBack} />
    <${Pad} label=${t("Present PIN")} pin=${pin} onInput=${type} onDone=${() => run(pin)} done=${t("Next")} busy=${busy} wrong=${wrong} />
  </main>`;
}
