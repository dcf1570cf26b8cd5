// A text that is drafted by the tone chosen: it stands in its field once a tone is, to be changed; what somebody has changed stays.

/** The text to stand there: one nobody has changed gives way to that of the tone; without one there it is left to the method. */
export function textFor(known, chosen, text) {
  const untouched = !text.trim() || Object.values(known).includes(text);
  return untouched ? known[chosen] || "" : text;
}

/** @param {Document} page */
export function startDrafts(page) {
  for (const place of page.querySelectorAll("[data-drafts]")) {
    const { elements } = place.closest("form");
    const [field, tone, debtor] = [elements[place.dataset.drafts], elements[place.dataset.by], elements.debtor_id];
    if (!field || !tone) continue;
    const known = Object.fromEntries([...place.querySelectorAll("[data-draft]")].map((one) => [one.dataset.draft, one.content.textContent]));
    const write = () => {
      // of another debtor the method writes it itself: these words name the first
      const chosen = !debtor?.value || debtor.value === place.dataset.debtor ? tone.value : "";
      field.value = textFor(known, chosen, field.value.replace(/\r\n/g, "\n"));
      field.rows = Math.min(14, Math.max(4, field.value.split("\n").length + 2));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    tone.addEventListener("change", write);
    debtor?.addEventListener("change", write);
  }
}
