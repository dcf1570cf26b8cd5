// Light or dark by hand; a cookie, so that the server draws the page right the first time.

/** @param {Document} page */
export function startTheme(page) {
  const root = page.documentElement;
  const isDark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : window.matchMedia("(prefers-color-scheme: dark)").matches;
  for (const knob of page.querySelectorAll("[data-theme-switch]")) {
    knob.addEventListener("click", () => {
      const next = isDark() ? "light" : "dark";
      root.dataset.theme = next;
      page.cookie = `theme=${next};path=/;max-age=31536000;samesite=lax`;
    });
  }
}
