// A paper over the whole screen, page under page: held out to the customer, enlarged with two fingers or a tap, shared.
import { html, useEffect, useRef, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Icon } from "../parts/icons.js";
import { shareFile } from "../parts/share.js";
import { fileOf, pdfOf, pictures } from "./files.js";
import "../words/documents.js";
import "../words/forms.js";

/** `source`: what `pictures` takes; `number`: of a sealed paper, whose PDF can then be shared. */
export default function Viewer({ title, source, number, onClose }) {
  const box = useRef(null);
  const [shown, setShown] = useState([]);
  const [state, setState] = useState("opening");
  const [wide, setWide] = useState(false);
  const [said, setSaid] = useState("");
  useEffect(() => {
    box.current.showModal();
    let here = true;
    const urls = [];
    const show = async () => {
      for await (const picture of pictures(source)) {
        urls.push(picture.url);
        if (!here) break;
        setShown((before) => [...before, picture]);
      }
    };
    show().then(() => here && setState(""), () => here && setState("missing")).finally(() => here || urls.forEach((url) => URL.revokeObjectURL(url)));
    return () => {
      here = false;
      urls.forEach((url) => URL.revokeObjectURL(url));
    };
  }, []);
  const share = async () => {
    try {
      const { bytes } = await fileOf(pdfOf(source.id));
      setSaid(await shareFile(`${title} ${number}`, new File([bytes], `${number}.pdf`, { type: "application/pdf" })));
    } catch {
      setSaid(t("The PDF is not on this phone yet. It comes with the next connection."));
    }
  };
  const of = shown[0]?.of ?? 0;
  return html`<dialog class="viewer" ref=${box} aria-label=${title} onClose=${onClose}>
    <div class=${wide ? "pages wide" : "pages"} tabindex="0" aria-label=${title}>
      ${shown.map(({ url, n }) => html`<img key=${n} src=${url} alt=${of > 1 ? t("Page {n} of {of}", { n, of }) : title} onClick=${() => setWide(!wide)} />`)}
      ${state === "opening" && html`<p class="sub" role="status">${t("Opening")}</p>`}
      ${state === "missing" && html`<p class="band wait" role="alert">${shown.length ? t("The other pages are not on this phone yet. They come with the next connection.") : t("This paper is not on this phone yet. It comes with the next connection.")}</p>`}
    </div>
    <div class="viewer-dock">
      <p class="sub" role="status">${said || [title, number, of > 1 ? t("pages: {n}", { n: of }) : ""].filter(Boolean).join(" · ")}</p>
      <div class="btns">
        <button type="button" class="btn line" aria-pressed=${wide} onClick=${() => setWide(!wide)}><${Icon} name="search" small /> ${wide ? t("Whole page") : t("Enlarge")}</button>
        ${number && html`<button type="button" class="btn line" onClick=${share}><${Icon} name="share" small /> ${t("Share the PDF")}</button>`}
        <button type="button" class="btn fill" onClick=${onClose}>${t("Close")}</button>
      </div>
    </div>
  </dialog>`;
}
