// Fields: a label, what is typed, what is wrong with it. 48 px high, the right keyboard for each.
import { html, useEffect, useRef, useState } from "../kernel/ui.js";
import { locale, t } from "../kernel/words.js";
import { parseAmount, plain, signOf } from "../kernel/money.js";
import { Icon } from "./icons.js";
import "../words/forms.js";

let count = 0;
/** An id for a field, the same at every drawing. */
export function useId() {
  const kept = useRef("");
  if (!kept.current) kept.current = `f${++count}`;
  return kept.current;
}

const MODES = { tel: "tel", email: "email", search: "search" };
/** The keyboard offers words where words are wanted, and changes nothing in names, numbers and addresses. */
const exact = { autocapitalize: "none", autocorrect: "off", spellcheck: false };
const prose = () => ({ lang: locale.value === "zh" ? "zh-CN" : "en", autocapitalize: "sentences", spellcheck: true });

/** One line of text. `type`: text, tel, email, search; `kind` "words" where somebody's words are written. */
export function TextField({ label, value, onInput, type = "text", kind, hint, error, max = 120, mode, hideLabel }) {
  const id = useId();
  return html`<div class="field">
    <label class=${hideLabel ? "sr" : "lab"} for=${id}>${label}</label>
    <input class="in-box" id=${id} type=${type} value=${value || ""} maxlength=${max} inputmode=${mode ?? MODES[type]} autocomplete="off" enterkeyhint=${type === "search" ? "search" : "next"} ...${kind === "words" ? prose() : exact}
      aria-invalid=${error ? "true" : undefined} aria-describedby=${hint || error ? `${id}-h` : undefined}
      onInput=${(event) => onInput(event.currentTarget.value)} />
    <${Hint} id=${id} hint=${hint} error=${error} />
  </div>`;
}

/** What somebody said: as many lines as it takes, typed or dictated by the keyboard; Enter begins a new line. */
export function ProseField({ label, value, onInput, hint, error, max = 4000, rows = 3, hideLabel }) {
  const id = useId();
  return html`<div class="field">
    <label class=${hideLabel ? "sr" : "lab"} for=${id}>${label}</label>
    <textarea class="in-box" id=${id} maxlength=${max} rows=${rows} inputmode="text" enterkeyhint="enter" autocomplete="off" ...${prose()} value=${value || ""} aria-invalid=${error ? "true" : undefined}
      aria-describedby=${hint || error ? `${id}-h` : undefined} onInput=${(event) => onInput(event.currentTarget.value)}></textarea>
    <${Hint} id=${id} hint=${hint} error=${error} />
  </div>`;
}

/** An amount. Hands on minor units, or null while it cannot be read; the text stays as it was typed until the field is left. */
export function MoneyField({ label, minor, currency = "CNY", onInput, hint, error, small, hideLabel }) {
  const id = useId();
  const [typed, setTyped] = useState(null);
  const shown = typed ?? (minor === null || minor === undefined ? "" : grouped(minor, currency));
  const unread = typed && parseAmount(typed, currency) === null;
  const wrong = unread ? t("Write an amount such as 50,000 or 5万.") : error;
  const type = (event) => {
    setTyped(event.currentTarget.value);
    onInput(event.currentTarget.value.trim() ? parseAmount(event.currentTarget.value, currency) : null);
  };
  return html`<div class="field">
    <label class=${hideLabel ? "sr" : "lab"} for=${id}>${label}</label>
    <span class="money-box">${!small && html`<i aria-hidden="true">${signOf(currency)}</i>`}
      <input class=${small ? "in-box money small" : "in-box money"} id=${id} inputmode="decimal" enterkeyhint="next" autocomplete="off" value=${shown} maxlength="24"
        aria-invalid=${wrong ? "true" : undefined} aria-describedby=${hint || wrong ? `${id}-h` : undefined}
        onInput=${type} onBlur=${() => !unread && setTyped(null)} /></span>
    <${Hint} id=${id} hint=${hint} error=${wrong} />
  </div>`;
}

const grouped = (minor, currency) => plain(minor, currency).replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));

/** A calendar date, with the platform's own picker. */
export function DateField({ label, value, onInput, hint, error, min, hideLabel }) {
  const id = useId();
  return html`<div class="field">
    <label class=${hideLabel ? "sr" : "lab"} for=${id}>${label}</label>
    <input class="in-box" id=${id} type="date" value=${value || ""} min=${min} max="2099-12-31" aria-invalid=${error ? "true" : undefined}
      aria-describedby=${hint || error ? `${id}-h` : undefined} onInput=${(event) => onInput(event.currentTarget.value || null)} />
    <${Hint} id=${id} hint=${hint} error=${error} />
  </div>`;
}

export function SelectField({ label, value, options, onInput, hint }) {
  const id = useId();
  return html`<div class="field">
    <label class="lab" for=${id}>${label}</label>
    <select class="in-box" id=${id} onChange=${(event) => onInput(event.currentTarget.value)}>
      ${options.map(([code, words]) => html`<option key=${code} value=${code} selected=${code === value}>${words}</option>`)}
    </select>
    <${Hint} id=${id} hint=${hint} />
  </div>`;
}

function Hint({ id, hint, error }) {
  if (error) return html`<p class="err" id=${`${id}-h`}>${error}</p>`;
  return hint ? html`<small id=${`${id}-h`}>${hint}</small>` : null;
}

/** One of a few, as chips. `options`: [[code, words]]; tapping the chosen one again clears it when `clear`. */
export function Choice({ label, value, options, onInput, clear = false, shape = "chips", hideLabel }) {
  const id = useId();
  return html`<div class="field" role="group" aria-labelledby=${id}>
    <span id=${id} class=${hideLabel ? "sr" : "lab"}>${label}</span>
    <div class=${shape}>
      ${options.map(([code, words]) => html`<button type="button" class="chip" key=${code} aria-pressed=${code === value}
        onClick=${() => onInput(clear && code === value ? null : code)}>${words}</button>`)}
    </div>
  </div>`;
}

/** Any of a few, as chips. */
export function Several({ label, values, options, onToggle, hideLabel }) {
  const id = useId();
  return html`<div class="field" role="group" aria-labelledby=${id}>
    <span id=${id} class=${hideLabel ? "sr" : "lab"}>${label}</span>
    <div class="chips">
      ${options.map(([code, words]) => html`<button type="button" class="chip" key=${code} aria-pressed=${values.includes(code)}
        onClick=${() => onToggle(code)}>${words}</button>`)}
    </div>
  </div>`;
}

/** A number to step up and down with a thumb. */
export function Stepper({ label, value, min, max, onInput }) {
  return html`<div class="field" role="group" aria-label=${label}>
    <span class="lab">${label}</span>
    <div class="stepper">
      <button type="button" aria-label=${t("One less")} disabled=${value <= min} onClick=${() => onInput(value - 1)}><${Icon} name="minus" /></button>
      <output aria-live="polite">${value}</output>
      <button type="button" aria-label=${t("One more")} disabled=${value >= max} onClick=${() => onInput(value + 1)}><${Icon} name="plus" /></button>
    </div>
  </div>`;
}

/** A yes-or-no switch. */
export function Switch({ label, on, onInput }) {
  return html`<button type="button" class="switch" role="switch" aria-checked=${on ? "true" : "false"} onClick=${() => onInput(!on)}>
    <i aria-hidden="true"></i><span>${label}</span></button>`;
}

/** Moves focus to the first thing that is wrong, so that nobody has to search for it. */
export function useFirstError(errors) {
  useEffect(() => {
    if (Object.keys(errors).length) document.querySelector("[aria-invalid=true]")?.focus();
  }, [errors]);
}
