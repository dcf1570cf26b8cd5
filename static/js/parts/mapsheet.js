// 在地图中打开: which map app, in a sheet; the app itself first, its web page beside it.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Icon } from "./icons.js";
import { mapApps, placeOf } from "./mapapps.js";
import { Sheet } from "./sheet.js";
import "../words/customers.js";

const names = () => ({ amap: t("AMap"), baidu: t("Baidu Maps"), apple: t("Apple Maps"), google: t("Google Maps"), any: t("Another map app on this phone") });

export default function MapSheet({ customer, onClose }) {
  const away = { target: "_blank", rel: "noopener" };
  return html`<${Sheet} title=${t("Open in a map")} onClose=${onClose}>
    <p class="sub">${[customer.name, customer.address].filter(Boolean).join(" · ")}</p>
    ${!placeOf(customer) && html`<p class="band">${t("The place is not on record yet: the map searches for the address. A check-in at the door gives the place.")}</p>`}
    <ul class="list">${mapApps(customer, navigator.userAgent).map(({ code, app, web }) => html`<li class="row" key=${code}>
      <a class="link grow" href=${app || web} ...${app ? {} : away}><${Icon} name="pin" small /> ${names()[code]}</a>
      ${app && web && html`<a class="link" href=${web} ...${away}>${t("web page")}</a>`}</li>`)}</ul>
  <//>`;
}
