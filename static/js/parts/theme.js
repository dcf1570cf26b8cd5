// Light, dark, or as the phone is set. Kept on the phone; not a secret, so it lies outside the sealed store.
import { signal } from "../kernel/ui.js";

const KEY = "fieldsales.theme";

export const theme = signal(localStorage.getItem(KEY) || "auto");

export function applyTheme(choice = theme.value) {
  theme.value = choice;
  if (choice === "auto") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
    return;
  }
  document.documentElement.dataset.theme = choice;
  localStorage.setItem(KEY, choice);
}
