// A running import: what stands in [data-running] is looked at again every two seconds, until it has ended.

const PAUSE_MS = 2000;

async function lookAgain() {
  const shown = document.querySelector("[data-running]");
  if (!shown) return;
  try {
    const answer = await fetch(window.location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-running]");
    if (answer.ok && !fresh) {
      window.location.reload();
      return;
    }
    if (fresh) shown.replaceChildren(...fresh.childNodes);
  } catch {
    // No network for a moment: the figure stays as it is, and is asked for again.
  }
  window.setTimeout(lookAgain, PAUSE_MS);
}

window.setTimeout(lookAgain, PAUSE_MS);
