// Forms: sent once, asked before what cannot be taken back, filters applied as they are chosen.
import { showWanted, startRowsOfForms } from "./questions.js";

/** @param {Document} page */
export function startForms(page) {
  page.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return; // it was not sent: something on the page comes first
    const form = event.target;
    const question = event.submitter?.dataset.ask;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    // The same command id makes a second sending harmless; this only spares the reader a second page.
    window.setTimeout(() => delete form.dataset.sent, 4000);
  });

  page.addEventListener("change", (event) => {
    const control = event.target;
    if (control.matches?.("[data-apply]")) control.form.requestSubmit();
    if (control.matches?.("[data-all]")) {
      for (const box of page.querySelectorAll(`input[name="${control.dataset.all}"]`)) box.checked = control.checked;
    }
    if (control.matches?.("[data-all], [type=checkbox][form]")) countChosen(page);
    showWanted(page);
  });
  showWanted(page);
  startRowsOfForms(page);

  // Of the small forms in a table one is open at a time, and Escape or a click elsewhere closes it.
  const shut = (but) => {
    for (const open of page.querySelectorAll(".acts > details[open]")) if (open !== but) open.open = false;
  };
  page.addEventListener("click", (event) => shut(event.target.closest?.(".acts > details")));
  page.addEventListener("keydown", (event) => event.key === "Escape" && shut(null));
}

function countChosen(page) {
  for (const place of page.querySelectorAll("[data-chosen]")) {
    const chosen = page.querySelectorAll(`input[name="${place.dataset.chosen}"]:checked`).length;
    place.textContent = String(chosen);
    place.closest("[data-bulk]")?.toggleAttribute("hidden", chosen === 0);
  }
}
