// `/` search · j k rows · Enter panel · e export · Esc close. Never while somebody is typing.

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** @param {Document} page @param {{panel: {close(): boolean}, rows: {move(by: number): void, open(): boolean}}} parts */
export function startKeys(page, { panel, rows }) {
  const actions = {
    "/": () => focusSearch(page),
    j: () => rows.move(1),
    k: () => rows.move(-1),
    e: () => page.querySelector("[data-export]")?.click(),
  };
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      if (isTyping(event.target)) event.target.blur();
      panel.close();
      return;
    }
    if (isTyping(event.target)) return;
    if (event.key === "Enter" && event.target === page.body) {
      if (rows.open()) event.preventDefault();
      return;
    }
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });
}

function focusSearch(page) {
  const box = page.querySelector("[data-search]");
  box?.focus();
  box?.select();
}
