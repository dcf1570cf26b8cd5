// A payment slip shared from the bank's app: kept as a draft of this phone at once, then put to a customer's receipt.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { drafts } from "../kernel/drafts.js";
import { takePhoto } from "../kernel/photos.js";
import { navigate } from "../kernel/router.js";
import { takeShared } from "../kernel/slips.js";
import { Empty, Skeleton, Top } from "../parts/page.js";
import { dropPhotos, keepPhoto } from "../parts/kept.js";
import { Photos } from "../parts/photos.js";
import { saveTrouble } from "../parts/saved.js";
import { Whom } from "./whom.js";
import "../words/visits.js";
import "../words/reach.js";
import "../words/receipts.js";

const KEY = "slips";
const MOST = 5; // a receipt takes no more

/** Everything that was shared and has found no customer yet. */
async function takeIn() {
  let slips = (await drafts.get(KEY))?.slips ?? [];
  const refused = await takeShared(async (file) => {
    const row = await keepPhoto(await takePhoto(file, { slot: "slip", keepOriginal: true }));
    if (slips.some((one) => one.sha256 === row.sha256)) return;
    slips = [...slips, row];
    await drafts.put(KEY, { slips });
  });
  return { slips, refused };
}

/** The slips go into the customer's receipt, beside what was begun there. */
async function giveTo(customer, slips) {
  const key = `receipt/${customer.id}`;
  const begun = (await drafts.get(key)) ?? {};
  const there = begun.slips ?? [];
  const fresh = slips.filter((one) => !there.some((other) => other.sha256 === one.sha256));
  await drafts.put(key, { method: "transfer", ...begun, slips: [...there, ...fresh].slice(0, MOST) });
  await dropPhotos([...there, ...fresh].slice(MOST));
  await drafts.remove(KEY);
  navigate(`/app/customers/${customer.id}/receipt`, { replace: true });
}

export default function Slip({ query }) {
  const [state, setState] = useState(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => void takeIn().then(setState, (error) => setTrouble(saveTrouble(error))), []);
  const keep = async (slips) => {
    setState({ ...state, slips });
    await (slips.length ? drafts.put(KEY, { slips }) : drafts.remove(KEY));
  };
  const top = html`<${Top} title=${t("Whose payment slip?")} />`;
  if (trouble) return html`<main class="page">${top}<p class="err" role="alert">${trouble}</p></main>`;
  if (!state) return html`<main class="page">${top}<${Skeleton} /></main>`;
  if (!state.slips.length) return html`<main class="page">${top}<${Empty} title=${t("No picture came with it")}
    text=${query.missed ? t("The app was not ready on this phone yet. Nothing was sent anywhere; share the picture once more.") : t("Only pictures can be taken in, such as a screenshot of the transfer.")} /></main>`;
  return html`<main class="page">${top}
    <${Photos} photos=${state.slips} label=${t("Photograph the slip")} slot="slip" keepOriginal stored max=${MOST} onChange=${keep} />
    ${state.refused > 0 && html`<p class="band wait">${t("{n} could not be read as a picture and was left out.", { n: state.refused })}</p>`}
    <p class="sub">${t("Kept on this phone. Choose the customer: the receipt opens with the slip in it.")}</p>
    <${Whom} onChoose=${(one) => giveTo(one, state.slips).catch((error) => setTrouble(saveTrouble(error)))} /></main>`;
}
