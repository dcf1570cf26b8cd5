// 签退: when one left, by this phone's clock; a claim like every time of the device. Never asked for: saving counts as leaving.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { clock, nowIso } from "../kernel/dates.js";
import { Icon } from "../parts/icons.js";
import { Step } from "./step.js";

/** Whole minutes from check-in to check-out; null where they make no sense. */
export function minutesOnSite(arrived, left) {
  const minutes = Math.floor((Date.parse(left) - Date.parse(arrived)) / 60000);
  return minutes >= 0 && minutes <= 720 ? minutes : null;
}

export function CheckOut({ draft, change }) {
  const { arrived_at: arrived, left_at: left } = draft;
  const minutes = left ? minutesOnSite(arrived, left) : null;
  return html`<${Step} title=${t("Check-out")} gap=${left ? t("left {time}", { time: clock(left) }) : t("still here")}>
    <div class="pair between"><p class="sub" role="status">${left && minutes !== null ? t("{n} minutes on site, by this phone's clock", { n: minutes }) : t("Without it, saving the visit counts as leaving.")}</p>
      ${left ? html`<button type="button" class="btn line" onClick=${() => change({ left_at: null })}>${t("Still here")}</button>`
    : html`<button type="button" class="btn line" onClick=${() => change({ left_at: nowIso() })}><${Icon} name="pin" small /> ${t("Check out")}</button>`}</div>
  <//>`;
}
