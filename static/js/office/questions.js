// Declared fields on an office page: one more row, and questions asked only after a certain answer.

/** What a control answers: a yes-or-no is "1" or "". */
const answerOf = (control) => (control?.type === "checkbox" ? (control.checked ? "1" : "") : control?.value);

/** Fields that are asked only after a certain answer: `data-when="stage=posted,arrived"`. What hangs on a hidden one is hidden too. */
export function showWanted(page) {
  const places = [...page.querySelectorAll("[data-when]")];
  const asked = (place, within) => {
    const at = place.dataset.when.indexOf("=");
    const control = place.closest("form")?.elements[place.dataset.when.slice(0, at)];
    const above = control?.closest("[data-when]");
    if (!control || !place.dataset.when.slice(at + 1).split(",").includes(answerOf(control))) return false;
    return !above || within.includes(above) || asked(above, [...within, above]);
  };
  for (const place of places) place.hidden = !asked(place, [place]);
}

/** Rows may be added, up to the most there may be. @param {Document} page */
export function startRowsOfForms(page) {
  const offer = (table) => {
    table.querySelector("[data-more-rows]").hidden = table.querySelectorAll(".one-row").length >= Number(table.dataset.most);
  };
  for (const table of page.querySelectorAll("[data-rows][data-most]")) offer(table);
  page.addEventListener("click", (event) => {
    const table = event.target.closest?.("[data-more-rows]")?.closest("[data-rows]");
    if (!table) return;
    const rows = table.querySelectorAll(".one-row");
    const more = anew(rows[rows.length - 1], table.dataset.rows, rows.length);
    rows[rows.length - 1].after(more);
    offer(table);
    showWanted(page);
    more.querySelector("input, select, textarea")?.focus();
  });
}

/** The row once more, empty, with the next number in every name. */
function anew(row, name, n) {
  const more = row.cloneNode(true);
  const renamed = (text) => text.replace(`${name}.${n - 1}.`, `${name}.${n}.`);
  more.setAttribute("aria-label", more.getAttribute("aria-label").replace(/\d+$/, String(n + 1)));
  for (const one of more.querySelectorAll("[name], [id], [for], [data-when]")) {
    for (const key of ["name", "id", "for", "data-when"]) if (one.hasAttribute(key)) one.setAttribute(key, renamed(one.getAttribute(key)));
    if (one.type === "checkbox") one.checked = false;
    else if ("value" in one && one.tagName !== "OPTION" && one.tagName !== "LI") one.value = "";
    one.removeAttribute("aria-invalid");
  }
  for (const said of more.querySelectorAll(".error")) said.remove();
  for (const place of more.querySelectorAll(".wrong")) place.classList.remove("wrong");
  return more;
}
