// Under a text to a customer: the phrases in it that beg, each with a firm way of saying it. Nothing is refused.
import { mark } from "../parts/pity.js";

const SHOWN = 3;
const FIELDS = "textarea, input[type=text], input:not([type])";

/** Watches the forms that say `data-firm="…"` (the sentence above the marks). @param {Document} page */
export async function startFirm(page) {
  const answer = await fetch("/phrases.json", { headers: { Accept: "application/json" } });
  if (!answer.ok) return; // without the list the form is as good as before
  const phrases = await answer.json();
  for (const form of page.querySelectorAll("form[data-firm]")) {
    for (const field of form.querySelectorAll(FIELDS)) {
      const look = () => show(field, mark(field.value, phrases), form.dataset.firm);
      field.addEventListener("input", look);
      look();
    }
  }
}

function show(field, marks, words) {
  const id = `${field.id || field.name}-firm`;
  const old = document.getElementById(id);
  if (!marks.length) {
    old?.remove();
    return;
  }
  const place = old || Object.assign(document.createElement("p"), { id, className: "hint firm" });
  place.setAttribute("role", "status");
  const lines = marks.slice(0, SHOWN).flatMap(({ found, instead }) => {
    const marked = document.createElement("mark");
    marked.textContent = found;
    return [document.createElement("br"), marked, instead ? ` → ${instead}` : ""];
  });
  place.replaceChildren(words, ...lines);
  if (!old) field.after(place);
}
