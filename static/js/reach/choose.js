// The home screen's shortcuts: 记一次拜访, 签还款计划. First whom, then the form.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { navigate } from "../kernel/router.js";
import { Top } from "../parts/page.js";
import { Whom } from "./whom.js";

const DOINGS = { visit: () => t("Log a visit: with whom?"), plan: () => t("Sign a plan: with whom?") };

export default function Choose({ parts }) {
  const doing = parts[1] in DOINGS ? parts[1] : "visit";
  return html`<main class="page"><${Top} title=${DOINGS[doing]()} />
    <${Whom} onChoose=${(one) => navigate(`/app/customers/${one.id}/${doing}`, { replace: true })} /></main>`;
}
