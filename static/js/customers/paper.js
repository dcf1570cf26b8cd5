// A paper that belongs to an invoice or a customer: opened where it can be, named where it cannot.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { photoUrl } from "../kernel/photos.js";
import { Sheet } from "../parts/sheet.js";
import { Icon } from "../parts/icons.js";

export const paperWords = (kind) => ({
  delivery_note: t("Signed delivery note"), contract: t("Contract"), fapiao: t("Tax invoice"),
  payment_slip: t("Payment slip"), other: t("Other paper"),
}[kind] || kind);

export function Paper({ paper }) {
  const [url, setUrl] = useState("");
  const [state, setState] = useState("");
  const open = async () => {
    setState(t("Opening"));
    try {
      setUrl(await photoUrl(paper.sha256));
      setState("");
    } catch {
      setState(t("Not on this phone. It opens with a connection."));
    }
  };
  const close = () => {
    URL.revokeObjectURL(url);
    setUrl("");
  };
  return html`<div><button type="button" class="link" onClick=${open}><${Icon} name="file" small /> ${paperWords(paper.kind)}${paper.name ? ` · ${paper.name}` : ""}</button>
    ${state && html`<p class="sub" role="status">${state}</p>`}
    ${url && html`<${Sheet} title=${paperWords(paper.kind)} onClose=${close}><img src=${url} alt=${paperWords(paper.kind)} /><//>`}</div>`;
}
