// A sheet from below: a native dialog, so that focus, Escape and the back layer are the browser's own.
import { html, useEffect, useRef } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Icon } from "./icons.js";

/** Drawn while open; `onClose` is called however it is closed. */
export function Sheet({ title, onClose, children }) {
  const box = useRef(null);
  useEffect(() => {
    const dialog = box.current;
    dialog.showModal();
    return () => dialog.open && dialog.close();
  }, []);
  const outside = (event) => event.target === box.current && onClose();
  return html`<dialog class="sheet" ref=${box} aria-label=${title} onClose=${onClose} onClick=${outside}>
    <div class="sheet-in">
      <header><h2>${title}</h2>
        <button type="button" class="icon-btn" aria-label=${t("Close")} onClick=${onClose}><${Icon} name="close" /></button>
      </header>
      ${children}
    </div>
  </dialog>`;
}
