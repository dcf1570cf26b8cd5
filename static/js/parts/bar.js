// The bar at the bottom: 今日 · 客户 · ＋ · 承诺 · 我, within the thumb's reach.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Link, route } from "../kernel/router.js";
import { Icon } from "./icons.js";
import { Lazy } from "./lazy.js";

const log = () => import("../customers/log.js");

export function Bar() {
  const [open, setOpen] = useState(false);
  const here = route.value.parts[0] || "";
  const place = (to, icon, words) => html`<li><${Link} href=${to ? `/app/${to}` : "/app"} aria-current=${here === to ? "page" : undefined}>
    <${Icon} name=${icon} /><span>${words}</span><//></li>`;
  return html`<nav class="bar" aria-label=${t("Places")}><ul>
    ${place("", "today", t("Today"))}
    ${place("customers", "people", t("Customers"))}
    <li><button type="button" aria-label=${t("Log something")} aria-haspopup="dialog" onClick=${() => setOpen(true)}><span class="plus"><${Icon} name="plus" /></span></button></li>
    ${place("promises", "promise", t("Promises"))}
    ${place("me", "me", t("Me"))}
  </ul></nav>
  ${open && html`<${Lazy} load=${log} onClose=${() => setOpen(false)} />`}`;
}
