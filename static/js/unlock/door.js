// What is shown while the store is not open.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { door } from "../kernel/door.js";
import { Empty, Skeleton } from "../parts/page.js";
import { Lazy } from "../parts/lazy.js";
import { Lock } from "./lock.js";
import "../words/unlock.js";

const setup = () => import("./setup.js");
const forgotten = () => import("./forgotten.js");

const alone = (title, text, more = "") => html`<main class="page"><${Empty} title=${title} text=${text}>${more}<//></main>`;
const again = () => html`<button type="button" class="btn fill" onClick=${() => location.reload()}>${t("Open again")}</button>`;
const signIn = () => html`<a class="btn fill" href="/login?next=/app">${t("Sign in")}</a>`;

const views = {
  locked: (now) => html`<${Lock} ...${now} />`,
  setup: (now) => html`<${Lazy} load=${setup} upgrade=${now.upgrade} />`,
  damaged: (now) => html`<${Lazy} load=${forgotten} unsent=${now.unsent} damaged />`,
  proved: (now) => html`<${Lazy} load=${forgotten} unsent=${now.unsent} proved />`,
  unknown: () => alone(t("Sign in once with a connection"), t("This phone has not been used with fieldsales yet. After the first sign-in it works without a network."), signIn()),
  broken: () => alone(t("The store on this phone cannot be opened"), t("Nothing was deleted. Close other tabs of this app and open it again; private windows cannot keep data."), again()),
  insecure: () => alone(t("This address is not secure"), t("The app seals what is on the phone, and a browser allows that only under https. Open the address that begins with https, or ask whoever runs fieldsales for it (up --lan gives one).")),
  left: () => alone(t("This phone is cleared"), t("Nothing of you is on it any more. The sign-in itself ends with the next connection.")),
  wiped: ({ unsent }) => alone(
    t("The office has revoked this phone"),
    unsent.commands + unsent.photos ? t("Everything of fieldsales was deleted from it, with {n} records and {m} photos that were not sent.", { n: unsent.commands, m: unsent.photos }) : t("Everything of fieldsales was deleted from it. Nothing unsent was lost."),
    signIn(),
  ),
};

/** Drawn instead of the app until the door is open. */
export function Door() {
  const now = door.value;
  return views[now.state]?.(now) ?? html`<main class="page"><div class="page-head"></div><${Skeleton} /></main>`;
}
