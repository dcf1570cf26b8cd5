// 下一步: what was agreed to do next, and when. Quick days first, any other by the calendar.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { addDays, addMonths, day, today } from "../kernel/dates.js";
import { Choice, DateField, TextField } from "../parts/fields.js";
import { Step } from "./step.js";

const endOfMonth = (iso) => addDays(addMonths(iso.slice(0, 8) + "01", 1), -1);

/** The days people name: tomorrow, in three days, in a week, the end of the month. */
export function quickDays() {
  const now = today();
  const days = [[addDays(now, 1), t("Tomorrow")], [addDays(now, 3), t("In 3 days")], [addDays(now, 7), t("In a week")], [endOfMonth(now), t("End of the month")]];
  return days.filter(([on], n) => days.findIndex(([other]) => other === on) === n);
}

const steps = () => [t("Visit again"), t("Call"), t("Send the statement of account"), t("See the person in charge")];

export function NextStep({ draft, change }) {
  const { text = "", on = null } = draft.next;
  const write = (part) => change({ next: { ...draft.next, ...part } });
  return html`<${Step} title=${t("Next step")} gap=${on ? day(on) : t("no day yet")}>
    <${Choice} hideLabel label=${t("When")} value=${on} options=${quickDays()} clear onInput=${(value) => write({ on: value })} />
    <${DateField} label=${t("Another day")} value=${on} min=${today()} onInput=${(value) => write({ on: value })} />
    <${Choice} hideLabel label=${t("What to do")} value=${text} options=${steps().map((one) => [one, one])} clear onInput=${(value) => write({ text: value || "" })} />
    <${TextField} label=${t("What to do")} value=${text} onInput=${(value) => write({ text: value })} />
  <//>`;
}
