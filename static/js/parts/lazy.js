// A part of a screen that is fetched when it is first needed (by then the service worker has it on the phone).
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Empty, Skeleton } from "./page.js";

const loaded = new Map();

/** `load`: () => import(…), the same function at every drawing; its default export is drawn with the rest. `quiet`: nothing stands there meanwhile. */
export function Lazy({ load, quiet = false, ...rest }) {
  const [, redraw] = useState(0);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (loaded.has(load)) return;
    load().then((module) => loaded.set(load, module.default), () => setFailed(true)).then(() => redraw((n) => n + 1));
  }, [load]);
  const Drawn = loaded.get(load);
  if (Drawn) return html`<${Drawn} ...${rest} />`;
  if (quiet) return null;
  if (failed) return html`<${Empty} title=${t("This screen is not on the phone yet")} text=${t("It comes with the next connection. What you have saved is kept.")} />`;
  return html`<${Skeleton} rows=${2} />`;
}
