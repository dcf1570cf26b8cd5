// Everything unsent as a file, out of this phone and into it.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { exportOutbox, importOutbox } from "../kernel/outbox.js";
import { shareFile } from "../parts/share.js";

export function Files({ say, any }) {
  const keep = async () => {
    try {
      const name = `fieldsales-${new Date().toISOString().slice(0, 10)}.json`;
      const said = await shareFile(name, new File([await exportOutbox()], name, { type: "application/json" }));
      if (said) say(t("Kept as a file. Another phone or the office can take it in."));
    } catch (error) {
      say(t("The file could not be made: {why}", { why: error.message }));
    }
  };
  const takeIn = async (event) => {
    const file = event.currentTarget.files[0];
    event.currentTarget.value = "";
    try {
      const { added, known } = await importOutbox(await file.text());
      say(t("Taken in: {added}; here already: {known}.", { added, known }));
    } catch {
      say(t("This file is not an outbox of fieldsales. Nothing was changed."));
    }
  };
  return html`<div class="btns">
    ${any && html`<button type="button" class="btn line grow" onClick=${keep}>${t("Keep as a file")}</button>`}
    <label class="btn line grow filepick">${t("Take in a file")}<input type="file" accept="application/json,.json" onChange=${takeIn} /></label></div>`;
}
