// The frame of a screen: a head that says where one is, a dock for the one next action.
import { html, useEffect, useRef, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { back } from "../kernel/router.js";
import { Icon } from "./icons.js";

/** The head of a working page: back, title (and whose), one action at the right. */
export function Top({ title, small, children, onBack }) {
  const [stuck, setStuck] = useState(false);
  const head = useRef(null);
  useEffect(() => {
    const look = () => setStuck(scrollY > 8);
    addEventListener("scroll", look, { passive: true });
    head.current?.querySelector("h1")?.focus({ preventScroll: true });
    return () => removeEventListener("scroll", look);
  }, []);
  return html`<header class=${stuck ? "top stuck" : "top"} ref=${head}>
    <button type="button" class="icon-btn" aria-label=${t("Back")} onClick=${onBack || back}><${Icon} name="back" /></button>
    <h1 tabindex="-1">${title}${small && html`<small>${small}</small>`}</h1>
    ${children}
  </header>`;
}

/** What stands at the bottom: actions, and one quiet line above them. */
export function Dock({ note, children }) {
  return html`<div class="dock"><div>${note && html`<p class="note" role="status">${note}</p>`}${children}</div></div>`;
}

/** Nothing here yet: says so, and what to do first. */
export function Empty({ title, text, children }) {
  return html`<div class="empty"><h2>${title}</h2>${text && html`<p>${text}</p>`}${children}</div>`;
}

/** What is on its way, drawn as quiet bars; the words say it too. */
export function Skeleton({ rows = 4 }) {
  return html`<div class="stack wide" role="status" aria-busy="true"><span class="sr">${t("Opening what is on this phone")}</span>
    ${Array.from({ length: rows }, (_, n) => html`<div class="stack" key=${n}><div class="skel half"></div><div class="skel"></div></div>`)}
  </div>`;
}

/** A part of a long page. */
export function Section({ id, title, side, children }) {
  return html`<section class="sect" id=${id} aria-labelledby=${`${id}-h`}>
    <header><h2 id=${`${id}-h`}>${title}</h2>${side && html`<span class="sub num">${side}</span>`}</header>
    ${children}
  </section>`;
}
