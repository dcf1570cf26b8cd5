// Inside a chat app's browser: says how to open the system's. What was saved in here is kept here, and is sent from here.
import { html, render, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { unsentOnDisk } from "../kernel/session.js";
import { door } from "../kernel/door.js";
import { rows } from "../kernel/outbox.js";
import { copyText } from "../parts/share.js";
import { Icon } from "../parts/icons.js";
import { insideOf, isApple } from "./inside.js";
import "../words/customers.js";
import "../words/reach.js";

const names = () => ({ wecom: t("WeCom"), wechat: t("WeChat"), dingtalk: t("DingTalk"), feishu: t("Feishu"), alipay: t("Alipay"), qq: "QQ", weibo: t("Weibo"), douyin: t("Douyin") });

function Steps({ app }) {
  const apple = isApple(navigator.userAgent);
  return html`<ol class="steps">
    <li>${t("Tap ··· at the top right")}</li>
    <li>${apple ? t("Choose “Open in Safari” or “Open in browser”") : t("Choose “Open in browser”")}</li>
    <li>${t("Sign in there, then add it to the home screen")}</li></ol>
    <p class="sub">${t("{app}'s own browser clears what it stores without asking and allows no work without a network.", { app: names()[app] })}</p>`;
}

function Copy() {
  const [said, setSaid] = useState("");
  const copy = async () => setSaid(await copyText(location.origin + "/app"));
  return html`<button type="button" class="btn line block" onClick=${copy}><${Icon} name="share" small /> ${t("Copy the address")}</button>
    ${said && html`<p class="sub" role="status">${said}</p>`}`;
}

/** With nothing of the person in here: the way out fills the screen. With unsent work: one line, and it goes on working. */
function Embedded({ app, left }) {
  const [open, setOpen] = useState(!left);
  const waiting = door.value.state === "open" ? rows.value.length : left;
  if (!open) return html`<aside class="inside-bar" aria-label=${t("Opened inside another app")}>
    <p>${waiting ? t("In {app}. {n} to send: they stay here and are sent from here.", { app: names()[app], n: waiting }) : t("In {app}: better in the system's browser.", { app: names()[app] })}</p>
    <button type="button" class="link" onClick=${() => setOpen(true)}>${t("How")}</button></aside>`;
  return html`<div class="inside" role="dialog" aria-modal="true" aria-labelledby="inside-h">
    <svg class="inside-arrow" viewBox="0 0 120 90" aria-hidden="true" focusable="false"><path d="M8 84C20 40 56 18 106 14M84 4l24 9-16 20" /></svg>
    <div class="inside-text"><h2 id="inside-h">${t("Open this in the system's browser")}</h2>
      <${Steps} app=${app} />
      ${waiting > 0 && html`<p class="band wait"><b>${t("Records only in here: {n}.", { n: waiting })}</b> ${t("Send them here first; the other browser does not see them.")}</p>`}
      <${Copy} />
      <button type="button" class="btn soft block" onClick=${() => setOpen(false)}>${waiting ? t("Go on here") : t("Go on here anyway")}</button></div></div>`;
}

/** Shows what there is to say, once, beside the app. */
export async function explain() {
  const app = insideOf(navigator.userAgent);
  if (!app) return;
  const kept = await unsentOnDisk().catch(() => ({ commands: 0, photos: 0, drafts: 0 }));
  const place = document.createElement("div");
  document.body.prepend(place);
  document.body.classList.add("is-inside");
  render(html`<${Embedded} app=${app} left=${kept.commands + kept.photos + (kept.drafts ?? 0)} />`, place);
}
