// The desk's keyboard and side panel. Every page works without it: links and forms are plain HTML.
import { startKeys } from "./keys.js";
import { startPanel } from "./panel.js";
import { startRows } from "./rows.js";
import { startForms } from "./forms.js";
import { startTheme } from "./theme.js";

const panel = startPanel(document.getElementById("panel"));
const rows = startRows(document, panel);
startKeys(document, { panel, rows });
startForms(document);
startTheme(document);

const menu = document.querySelector("[data-menu]");
menu?.addEventListener("click", () => {
  const open = document.getElementById("rail").classList.toggle("open");
  menu.setAttribute("aria-expanded", String(open));
});

// Texts that go to a customer: phrases that beg are marked under the field.
if (document.querySelector("form[data-firm]")) import("./firm.js").then(({ startFirm }) => startFirm(document), () => {});

// A signature drawn, a recording made, on a form that asks for one.
if (document.querySelector("[data-signature], [data-recording]")) import("./pads.js").then(({ startPads }) => startPads(document), () => {});

// A text drafted with the customer's figures, by the tone that is chosen.
if (document.querySelector("[data-drafts]")) import("./drafts.js").then(({ startDrafts }) => startDrafts(document), () => {});

// The editor of a collection method.
const maker = document.querySelector("form[data-maker]");
if (maker) import("./maker.js").then(({ startMaker }) => startMaker(maker), () => {});
