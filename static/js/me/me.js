// 我: money confirmed and waiting, cash to hand in, the queue, language, look, leaving.
import { html, useState } from "../kernel/ui.js";
import { locale, setLocale, t } from "../kernel/words.js";
import { headline, money } from "../kernel/money.js";
import { docs } from "../kernel/docs.js";
import { user } from "../kernel/session.js";
import { status } from "../kernel/sync.js";
import { applyUpdate, updateReady } from "../kernel/worker.js";
import { Link } from "../kernel/router.js";
import { Choice } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import { SendState, stateInWords } from "../parts/state.js";
import { applyTheme, theme } from "../parts/theme.js";
import { Saved } from "../parts/saved.js";
import { Receipts } from "../receipts/mine.js";
import { Leads } from "../visits/leads.js";
import { Carried } from "./carried.js";
import { Lazy } from "../parts/lazy.js";
import { Leave } from "./leave.js";
import "../words/me.js";

const reminders = () => import("../reach/reminders.js");
const roleWords = (role) => ({ rep: t("Rep"), manager: t("Manager"), finance: t("Finance"), legal: t("Legal"), admin: t("Administrator") }[role] || role);

export default function Me() {
  const me = docs.one("me").value;
  const [leaving, setLeaving] = useState(false);
  return html`<main class="page">
    <div class="page-head"><div class="line"><h1>${me?.name || user.value?.name || t("Me")}</h1><${SendState} /></div>
      ${me && html`<p class="sub">${[roleWords(me.role), me.team].filter(Boolean).join(" · ")}</p>`}</div>
    <${Saved} />
    ${updateReady.value && html`<p class="band">${t("A new version is ready.")} <button type="button" class="link" onClick=${applyUpdate}>${t("Take it now")}</button></p>`}
    ${me && html`<${MyMoney} me=${me} />`}
    <${Receipts} />
    <section class="sect"><header><h2>${t("Outbox")}</h2></header>
      <ul class="list"><li><${Link} class="row" href="/app/queue"><span><span class="name">${t("What waits on this phone")}</span><br /><span class="sub">${stateInWords().words}</span></span><${Icon} name="turn" /><//></li></ul></section>
    <${Leads} />
    <${Carried} />
    <${Lazy} load=${reminders} />
    <section class="sect"><header><h2>${t("This phone")}</h2></header>
      <${Choice} label=${t("Language")} shape="seg" value=${locale.value} options=${[["zh", "中文"], ["en", "English"]]} onInput=${setLocale} />
      <${Choice} label=${t("Look")} shape="seg" value=${theme.value} options=${[["auto", t("As the phone")], ["light", t("Light")], ["dark", t("Dark")]]} onInput=${applyTheme} />
      <${Link} class="btn line block" href="/app/me/lock">${t("PIN and lock")}<//>
      ${status.value.online && html`<a class="btn line block" href="/account">${t("My password")}</a>`}
      <button type="button" class="btn line warn block" onClick=${() => setLeaving(true)}>${t("Sign out and clear this phone")}</button></section>
    ${leaving && html`<${Leave} onClose=${() => setLeaving(false)} />`}
  </main>`;
}

function MyMoney({ me }) {
  const { received_month_minor: month, confirmed_receipts_minor: confirmed, pending_receipts_minor: pending, target_minor: target } = me;
  return html`<section class="stack" aria-label=${t("My money this month")}>
    <div><p class="sub">${t("Received this month")}</p><p class="huge num">${headline(month || 0)}</p>
      ${target ? html`<p class="sub num">${t("of {amount}", { amount: headline(target) })}</p>` : null}</div>
    <dl class="facts">
      <div><dt>${t("Registered by me, confirmed")}</dt><dd>${money(confirmed || 0)}</dd></div>
      <div><dt>${t("Waiting for finance")}</dt><dd>${money(pending || 0)}</dd></div>
    </dl>
    <${Link} class="btn line block" href="/app/targets">${t("My month: targets and gap")}<//></section>`;
}
