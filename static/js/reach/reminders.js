// In 我: how one is reminded. Push is a courtesy; the calendar, the mail and the group do not depend on it.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Icon } from "../parts/icons.js";
import { canPush, switchOff, switchOn, wanted } from "./push.js";
import "../words/reach.js";

const reasons = () => ({
  refused: t("Notifications are switched off for this app in the phone's settings. Nothing was changed."),
  service: t("This phone's push service cannot be reached. That is usual on phones sold in mainland China: use the calendar."),
  offline: t("This needs a connection. Try again with a network."),
});

export default function Reminders() {
  const [on, setOn] = useState(wanted());
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const turn = async () => {
    setBusy(true);
    const why = on ? await switchOff().then(() => "", () => "offline") : await switchOn();
    setSaid(why ? reasons()[why] : "");
    setOn(wanted());
    setBusy(false);
  };
  return html`<section class="sect"><header><h2>${t("Reminders")}</h2></header>
    <ul class="list"><li><a class="row" href="/reminders"><span><span class="name">${t("Calendar and mail")}</span><br /><span class="sub">${t("What is due, every morning; works on every phone")}</span></span><${Icon} name="turn" /></a></li></ul>
    ${canPush() && html`<button type="button" class="switch" role="switch" aria-checked=${on ? "true" : "false"} disabled=${busy} onClick=${turn}><i aria-hidden="true"></i><span>${t("Notifications on this phone")}</span></button>
      <p class="sub">${t("Only “due today: 2”, no name and no amount. Many phones in mainland China never receive them, so do not rely on it.")}</p>`}
    ${said && html`<p class="band wait" role="status">${said}</p>`}</section>`;
}
