// A place: taken by a tap, or an address as typed. The phone may refuse; nothing waits for it.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { whereAmI } from "../kernel/place.js";
import { when } from "../kernel/dates.js";
import { TextField } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import "../words/methods.js";

const noteWords = (note) => ({
  refused: t("The phone does not share its place. Write the address, or leave it."),
  unavailable: t("No place could be found. Write the address, or leave it."),
  timeout: t("Finding the place took too long. Write the address, or leave it."),
}[note]);

export default function Where({ field, label, value, onInput, hint, error }) {
  const [finding, setFinding] = useState(false);
  const [note, setNote] = useState("");
  const now = value && typeof value === "object" ? value : {};
  const find = async () => {
    setFinding(true);
    const found = await whereAmI();
    setFinding(false);
    setNote(found.note);
    // what was typed while the phone looked for itself stays
    if (found.place) onInput((typed) => ({ ...typed, ...found.place }));
  };
  return html`<div class="stack tight" role="group" aria-label=${pick(field.labels)}>
    <${TextField} label=${label} value=${now.address} kind="words" max=${200} hint=${hint} error=${error} onInput=${(address) => onInput({ ...now, address })} />
    ${now.lat
      ? html`<p class="sub num">${now.lat}, ${now.lon}${now.accuracy_m !== undefined && ` · ${t("within {n} m", { n: now.accuracy_m })}`}${now.at && ` · ${when(now.at)}`}
        <br /><button type="button" class="link" onClick=${() => onInput({ address: now.address })}>${t("Take the place out")}</button></p>`
      : html`<button type="button" class="btn line" disabled=${finding} onClick=${find}><${Icon} name="pin" small /> ${finding ? t("Finding the place") : t("I am there now")}</button>`}
    ${note && html`<p class="sub" role="status">${noteWords(note) || noteWords("unavailable")}</p>`}
  </div>`;
}
