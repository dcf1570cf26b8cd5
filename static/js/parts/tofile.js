// Everything unsent as a file in the phone's downloads: it can be given to another phone or to the office.
import { exportOutbox } from "../kernel/outbox.js";

export async function keepAsFile() {
  const url = URL.createObjectURL(new Blob([await exportOutbox()], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `fieldsales-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
