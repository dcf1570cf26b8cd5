// The side panel: a row's page in short, beside the list. Fetched as HTML from our own server.

/** @param {HTMLElement|null} panel */
export function startPanel(panel) {
  let asked = 0;
  let back = null;
  if (!panel) return { open() {}, close: () => false, isOpen: () => false };

  function skeleton() {
    const bones = ["tall", "short", "", "", "short", ""].map((kind) => {
      const bone = document.createElement("div");
      bone.className = `skeleton ${kind}`;
      return bone;
    });
    panel.replaceChildren(...bones);
  }

  function close() {
    if (panel.hidden) return false;
    panel.hidden = true;
    asked += 1;
    back?.focus({ preventScroll: true });
    return true;
  }

  async function open(url, from) {
    const mine = (asked += 1);
    back = from ?? back;
    panel.hidden = false;
    skeleton();
    try {
      const answer = await fetch(url, { headers: { "X-Panel": "1" }, credentials: "same-origin" });
      if (answer.redirected) return void location.assign(answer.url);
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== asked) return;
      panel.replaceChildren(...page.body.childNodes);
      panel.scrollTop = 0;
    } catch {
      if (mine !== asked) return;
      const words = document.createElement("p");
      words.className = "flash error";
      words.textContent = panel.dataset.failed ?? "";
      panel.replaceChildren(words);
    }
  }

  panel.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-close]")) close();
  });
  return { open, close, isOpen: () => !panel.hidden };
}
