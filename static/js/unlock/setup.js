// The first start: a PIN before anything of a customer is on the phone.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { setPin as keepPin } from "../kernel/door.js";
import { StorageFull } from "../kernel/storage.js";
import { Pad } from "./pad.js";
import { newPinTrouble } from "./rules.js";
import "../words/pin.js";

function trouble(error) {
  if (error instanceof StorageFull) return t("This phone is full: the PIN could not be set. Free some space; nothing was lost.");
  return t("It did not work: {why}. Nothing was deleted.", { why: error.message });
}

export default function Setup({ upgrade }) {
  const [pin, setPin] = useState("");
  const [first, setFirst] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const type = (typed) => {
    setPin(typed);
    setWrong("");
  };
  const next = async () => {
    const problem = first ? (pin === first ? "" : t("The two are not the same. Choose again.")) : newPinTrouble(pin);
    setPin("");
    setWrong(problem);
    if (problem) return setFirst("");
    if (!first) return setFirst(pin);
    setBusy(true);
    try {
      await keepPin(pin);
    } catch (error) {
      setFirst("");
      setWrong(trouble(error));
      setBusy(false);
    }
  };
  return html`<main class="page lock">
    <header><h1>${first ? t("The same PIN again") : t("Choose a PIN")}</h1>
      <p class="sub">${upgrade ? t("What lies on this phone is sealed with it. Nothing is lost.") : t("Everything of your customers on this phone is sealed with it.")}</p></header>
    <${Pad} label=${first ? t("PIN again") : t("New PIN")} pin=${pin} onInput=${type} onDone=${next} done=${first ? t("Set the PIN") : t("Next")}
      busy=${busy} wrong=${wrong} hint=${t("At least 6 digits. Nobody can tell it to you again, the office neither.")} />
  </main>`;
}
