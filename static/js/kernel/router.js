// Addresses of the field app: `/app/customers/<id>`. Screens are loaded when first shown.
import { useEffect, useState } from "../../vendor/hooks.js";
import { signal } from "../../vendor/signals.js";
import { html } from "./ui.js";

const ROOT = "/app";

function here() {
  const path = location.pathname;
  const parts = path.slice(ROOT.length).split("/").filter(Boolean).map(decodeURIComponent);
  return { path, parts, query: Object.fromEntries(new URLSearchParams(location.search)) };
}

export const route = signal(here());

/** @param {string} to path below the origin, starting with /app @param {{replace?: boolean}} [how] */
export function navigate(to, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"]({ inside: true }, "", to);
  route.value = here();
  scrollTo(0, 0);
}

/** Back inside the app, or to its first screen when this one was opened directly. */
export function back() {
  if (history.state?.inside) history.back();
  else navigate(ROOT, { replace: true });
}

addEventListener("popstate", () => (route.value = here()));

/** A link that stays inside the app. */
export function Link({ href, replace, children, onClick, ...rest }) {
  const go = (event) => {
    onClick?.(event);
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(href, { replace });
  };
  return html`<a href=${href} onClick=${go} ...${rest}>${children}</a>`;
}

/** @type {[string, () => Promise<any>][]} */
const screens = [];

/** `screen("customers", load)`: the longest beginning of the address wins; "" is the first screen. @param {string} beginning */
export function screen(beginning, load) {
  screens.push([beginning, load]);
  screens.sort((a, b) => b[0].length - a[0].length);
}

const loaded = new Map();

/** Draws the screen of the present address. */
export function Screen({ fallback = null, broken = null }) {
  const { path, parts, query } = route.value;
  const at = parts.join("/");
  const [beginning, load] = screens.find(([begin]) => !begin || at === begin || at.startsWith(begin + "/")) ?? ["", null];
  const [, redraw] = useState(0);
  useEffect(() => {
    if (!load || loaded.has(load)) return;
    load().then(
      (module) => loaded.set(load, module.default),
      () => loaded.set(load, null), // not on this phone and no network
    ).then(() => redraw((n) => n + 1));
  }, [load]);
  if (!loaded.has(load)) return fallback;
  const Drawn = loaded.get(load);
  if (!Drawn) {
    loaded.delete(load);
    return broken;
  }
  const rest = parts.slice(beginning ? beginning.split("/").length : 0);
  return html`<${Drawn} key=${path} parts=${parts} rest=${rest} query=${query} />`;
}
