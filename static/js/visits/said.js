// The reasons heard, as chips from the office's list; each is a claim to be verified, with the exact words if one has them.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { Several, TextField } from "../parts/fields.js";
import { excuses, excuseWords } from "./excuses.js";

export function Excuses({ draft, change }) {
  const list = excuses();
  if (!list.length) return null;
  const codes = draft.excuses.map((one) => one.code);
  const toggle = (code) => change({
    excuses: codes.includes(code) ? draft.excuses.filter((one) => one.code !== code) : [...draft.excuses, { id: uuid7(), code, words: "" }],
  });
  const write = (code, words) => change({ excuses: draft.excuses.map((one) => (one.code === code ? { ...one, words } : one)) });
  return html`<${Several} label=${t("Reasons given (each will be verified)")} values=${codes} options=${list.map((one) => [one.code, excuseWords(one.code)])} onToggle=${toggle} />
    ${draft.excuses.map((one) => html`<div class="stack tight" key=${one.id}>
      <${TextField} label=${t("“{excuse}” in their words", { excuse: excuseWords(one.code) })} value=${one.words} onInput=${(words) => write(one.code, words)} hint=${verify(list, one.code)} />
    </div>`)}`;
}

/** How a reason is verified, if the office says so. */
function verify(list, code) {
  const found = list.find((one) => one.code === code);
  const how = found && (found.verify ? pick(found.verify) : "");
  return how ? t("To verify: {how}", { how }) : "";
}
