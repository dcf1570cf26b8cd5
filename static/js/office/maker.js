// The editor of a method: its buttons without a new page, and the preview kept up to date while one types.
// Everything is decided and drawn by the server; without this module the same buttons load the page anew.
import { showWanted } from "./questions.js";

const WAIT_MS = 350;
/** Where one goes on in a row that was added. */
const FIRST = { fields: "labels.zh", outcomes: "summary.zh", checks: "say.zh", caps: "times", choices: "zh", tasks: "say.zh" };

/** @param {HTMLFormElement} form */
export function startMaker(form) {
  let asked = 0;
  let timer = 0;
  let open = [];

  async function ask(pressed) {
    const mine = (asked += 1);
    const body = new FormData(form);
    body.set("do", pressed);
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(body), credentials: "same-origin" });
    if (mine !== asked) return null;
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  function swap(page, id) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) old.replaceWith(document.importNode(fresh, true));
  }

  /** What was unfolded stays unfolded, by the inputs inside. */
  function remember() {
    open = [...form.querySelectorAll("details[open]")].map((one) => one.querySelector("input, select, textarea")?.name).filter(Boolean);
  }

  function unfold() {
    for (const one of form.querySelectorAll("details:not([open])")) {
      if (open.includes(one.querySelector("input, select, textarea")?.name)) one.open = true;
    }
    form.classList.toggle("both", form.elements.langs?.value === "both");
    showWanted(document);
  }

  async function whole(pressed, focus) {
    remember();
    const page = await ask(pressed);
    if (!page) return;
    swap(page, "editor");
    swap(page, "preview");
    unfold();
    const next = focus && (form.elements[focus] ?? document.getElementById(`f-${focus}`));
    (next instanceof Element ? next : next?.[0])?.focus({ preventScroll: false });
  }

  async function preview() {
    const page = await ask("look");
    if (!page) return;
    // while somebody fills the preview in, only what comes of it is drawn anew
    swap(page, document.getElementById("preview").contains(document.activeElement) ? "decision" : "preview");
    showWanted(document);
  }

  /** Where to go on after a button: into the row that was added. */
  function after(pressed) {
    const [what, at] = pressed.split(":");
    if (what !== "add") return "";
    const names = [...form.elements].map((one) => one.name).filter((name) => name.startsWith(`${at}.`));
    const rows = new Set(names.map((name) => name.slice(at.length + 1).split(".")[0])).size;
    return `${at}.${at === "outcomes" && rows ? rows - 1 : rows}.${FIRST[at.split(".").pop()] ?? "what"}`;
  }

  /** A word to be filled in goes where one was typing last. */
  let typing = null;
  form.addEventListener("focusin", (event) => {
    if (event.target.matches?.("#editor input[type=text], #editor textarea")) typing = event.target;
  });
  form.addEventListener("click", (event) => {
    const word = event.target.closest?.("[data-insert]")?.textContent;
    if (!word || !typing?.isConnected) return;
    typing.setRangeText(word, typing.selectionStart, typing.selectionEnd, "end");
    typing.focus();
    typing.dispatchEvent(new Event("input", { bubbles: true }));
  });

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || button.value === "save") return;
    event.preventDefault();
    event.stopPropagation(); // this is no sending: the page must not hold the next one back
    const done = button.value === "look" ? preview() : whole(button.value, after(button.value));
    done.catch(() => { location.reload(); });
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-again]")) whole("look", event.target.name).catch(() => {});
    else if (event.target.name === "langs") form.classList.toggle("both", event.target.value === "both");
  });
  form.addEventListener("input", (event) => {
    window.clearTimeout(timer);
    if (event.target.matches?.("[data-again]")) return;
    timer = window.setTimeout(() => preview().catch(() => {}), WAIT_MS);
  });
}
