// A button that opens a paper or photo over the whole screen; the viewer's code comes with the first tap.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { carried } from "../kernel/carried.js";
import { Icon } from "../parts/icons.js";
import { Lazy } from "../parts/lazy.js";

const viewer = () => import("./viewer.js");

/** `source`, `title`, `number` as the viewer takes them; `style` the button's class. */
export function OpenPaper({ source, title, number, words, icon = "file", style = "link", note = true, children }) {
  const [open, setOpen] = useState(false);
  const here = carried.value?.[source.kind === "paper" ? `page/${source.id}/1` : `photo/${source.sha256}`];
  return html`<button type="button" class=${style} aria-haspopup="dialog" onClick=${() => setOpen(true)}>
      ${children || html`<${Icon} name=${icon} small /> ${words || title}${note && here ? html` <span class="tag good">${t("on this phone")}</span>` : ""}`}</button>
    ${open && html`<${Lazy} load=${viewer} source=${source} title=${title} number=${number} onClose=${() => setOpen(false)} />`}`;
}
