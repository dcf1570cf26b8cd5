// The PIN's field and its keys: large, near the thumb; a keyboard and a screen reader find an ordinary field.
import { html, useEffect, useRef } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { digitsOf } from "../kernel/pin.js";
import { Icon } from "../parts/icons.js";

const LONGEST = 12;

/** `onInput(pin)`; `onDone()` by Enter or the filled button, whose words are `done`. `note`: what is wrong, or a quiet word. */
export function Pad({ label, pin, onInput, onDone, done, busy, wrong, hint }) {
  const field = useRef(null);
  const now = useRef(pin);
  now.current = pin;
  useEffect(() => field.current.focus(), [label]);
  const change = (next) => onInput((now.current = digitsOf(next).slice(0, LONGEST)));
  const submit = (event) => {
    event.preventDefault();
    if (!busy && now.current) onDone();
  };
  return html`<form class="pad" onSubmit=${submit} autocomplete="off">
    <label class="lab" for="pin">${label}</label>
    <input class="in-box pin" id="pin" ref=${field} type="password" inputmode="none" autocomplete="off" value=${pin} maxlength=${LONGEST}
      aria-invalid=${wrong ? "true" : undefined} aria-describedby="pin-h" onInput=${(event) => change(event.currentTarget.value)} />
    <p id="pin-h" class=${wrong ? "err" : "hint"} role=${wrong ? "alert" : "status"}>${wrong || hint || "\u00a0"}</p>
    <div class="keys" role="group" aria-label=${t("Digits")}>
      ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => html`<button type="button" key=${n} onClick=${() => change(now.current + n)}>${n}</button>`)}
      <span></span>
      <button type="button" onClick=${() => change(now.current + "0")}>0</button>
      <button type="button" aria-label=${t("Delete the last digit")} onClick=${() => change(now.current.slice(0, -1))}><${Icon} name="erase" /></button>
    </div>
    <button type="submit" class="btn fill fat block" disabled=${busy || !pin}>${busy ? t("One moment") : done}</button>
  </form>`;
}
