// A call that was begun and whose outcome nobody wrote down yet: kept on the phone, for the page may be gone when one comes back.
import { html, signal, useEffect } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { drafts } from "../kernel/drafts.js";
import { Link } from "../kernel/router.js";
import { outcomePath } from "./call.js";
import "../words/today.js";

const KEY = "call";
const OLD_MS = 12 * 3600 * 1000;
const call = signal(null);

export async function remember(customer_id, phone, contact) {
  await drafts.put(KEY, { customer_id, phone, contact, at: Date.now() });
}

export async function forget() {
  call.value = null;
  await drafts.remove(KEY);
}

/** Today's question after a call, until it is answered or put aside. */
export default function Called() {
  useEffect(() => {
    drafts.get(KEY).then((found) => (call.value = found && Date.now() - found.at < OLD_MS ? found : null), () => {});
  }, []);
  const { customer_id: id, phone, contact, at } = call.value ?? {};
  const customer = docs.get("customer", id ?? "").value;
  if (!customer) return null;
  return html`<section class="band" aria-label=${t("A call without an outcome")}>
    <p>${t("Called {name} at {time}. How did it go?", { name: [customer.name, contact].filter(Boolean).join(" · "), time: when(at) })}</p>
    <div class="btns"><${Link} class="btn soft grow" href=${outcomePath(id, phone, contact)} onClick=${() => void forget()}>${t("Write it down")}<//>
      <button type="button" class="btn line grow" onClick=${forget}>${t("Not reached, put aside")}</button></div>
  </section>`;
}
