// One step of the sheet: its name, and quietly what is missing. A gap is shown, never a reason to refuse.
import { html } from "../kernel/ui.js";

export function Step({ title, gap, children }) {
  return html`<section class="step" aria-label=${title}>
    <header><h2>${title}</h2>${gap && html`<span class="sub">${gap}</span>`}</header>
    ${children}
  </section>`;
}
