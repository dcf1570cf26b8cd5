// A list one types or scans down: Enter goes to the next field of the same column, and sends from the last one.

const form = document.querySelector("form[data-fast]");

form?.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !field.matches("td input")) return;
  const column = field.name.split(".", 1)[0];
  const all = [...form.querySelectorAll(`input[name^="${column}."]`)];
  const next = all[all.indexOf(field) + 1];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
});

form?.querySelector("td input")?.focus();
