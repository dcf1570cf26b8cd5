// The field app: five places, one person, everything from what is on the phone.
import { html, render, useEffect } from "../kernel/ui.js";
import { locale, setLocale, t } from "../kernel/words.js";
import { door, start } from "../kernel/door.js";
import { docs } from "../kernel/docs.js";
import { Screen, route, screen } from "../kernel/router.js";
import { registerWorker } from "../kernel/worker.js";
import { Empty, Skeleton } from "../parts/page.js";
import { Door } from "../unlock/door.js";
import { Bar } from "../parts/bar.js";
import { applyTheme } from "../parts/theme.js";
import Today from "../today/today.js";
import "../reach/start.js";
import "../words/shell.js";

screen("", async () => ({ default: Today }));
screen("near", () => import("../today/near_list.js"));
screen("cards", () => import("../today/queue.js"));
screen("lead", () => import("../visits/lead.js"));
screen("customers", () => import("../customers/index.js"));
screen("promises", () => import("../promises/promises.js"));
screen("me", () => import("../me/me.js"));
screen("targets", () => import("../targets/month.js"));
screen("queue", () => import("../queue/queue.js"));
screen("me/lock", () => import("../unlock/settings.js"));

const TABS = ["customers", "promises", "me"];
const onTab = (parts) => parts.length === 0 || (parts.length === 1 && TABS.includes(parts[0]));

function App() {
  const language = locale.value;
  const { state } = door.value;
  useEffect(() => {
    // the office knows the person's language; the phone's own choice in 我 wins once it was made
    const me = docs.one("me").value;
    if (me?.locale && !localStorage.getItem("fieldsales.locale")) setLocale(me.locale);
  }, [docs.one("me").value]);
  useEffect(() => {
    if (state === "open") setTimeout(() => import("../documents/carry.js").then(({ begin }) => begin(), () => {}), 1500);
  }, [state]);
  if (state !== "open") return html`<${Door} />`;
  const { parts } = route.value;
  return html`<div class="app" key=${language}>
    <${Screen} fallback=${html`<main class="page"><div class="page-head"></div><${Skeleton} /></main>`}
      broken=${html`<main class="page"><${Empty} title=${t("This screen is not on the phone yet")} text=${t("It comes with the next connection. What you have saved is kept.")} /></main>`} />
    ${onTab(parts) && html`<${Bar} />`}
  </div>`;
}

applyTheme();
setLocale(locale.value);
void start();
const place = document.getElementById("app");
place.replaceChildren(); // what the shell showed while the modules came
render(html`<${App} />`, place);
// the worker fetches every file of the app: after the first screen, not beside it
const keep = () => setTimeout(() => registerWorker().catch(() => {}), 1500); // without it the app works, but only with a network
if (document.readyState === "complete") keep();
else addEventListener("load", keep, { once: true });
