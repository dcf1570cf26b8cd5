// Rows that open in the side panel. Each `tr[data-row]` holds one link: the page of the same thing.

/** @param {Document} page @param {{open(url: string, from?: HTMLElement): void}} panel */
export function startRows(page, panel) {
  let chosen = -1;
  const all = () => [...page.querySelectorAll("tr[data-row]")];

  function choose(index) {
    const rows = all();
    if (!rows.length) return;
    chosen = Math.max(0, Math.min(index, rows.length - 1));
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
    rows[chosen].scrollIntoView({ block: "nearest" });
  }

  function openRow(row) {
    if (row?.dataset.row) panel.open(row.dataset.row, row.querySelector("a"));
    return Boolean(row?.dataset.row);
  }

  page.addEventListener("click", (event) => {
    const row = event.target.closest?.("tr[data-row]");
    if (!row || event.target.closest("button, input, select, label, summary, form")) return;
    const link = event.target.closest("a");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    const first = row.querySelector("a");
    if (link && (link !== first || !plain)) return;
    if (!row.dataset.row || window.innerWidth < 960) return;
    event.preventDefault();
    choose(all().indexOf(row));
    openRow(row);
  });

  return {
    move(by) {
      choose(chosen + by);
      if (panel.isOpen()) openRow(all()[chosen]);
    },
    open: () => openRow(all()[chosen]),
  };
}
