// What is done on the spot beside the talk: the statement and the plan signed there, and the forms plugins bring for a visit.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { drafts } from "../kernel/drafts.js";
import { Link } from "../kernel/router.js";
import { Icon } from "../parts/icons.js";
import { Step } from "./step.js";

const forms = () => docs.all("form").value.filter((one) => one.on_site && one.fields.length > 0);

/** A paper was signed during a visit that is still being written down: its sheet names it. */
export async function noteSigned(customerId, visitId, paper) {
  const key = `visit/${customerId}`;
  const draft = await drafts.get(key);
  if (!draft || draft.visit_id !== visitId) return;
  const others = (draft.papers || []).filter((one) => one.id !== paper.id);
  await drafts.put(key, { ...draft, papers: [...others, paper] });
}

export function Papers({ draft, change, customer }) {
  const at = `/app/customers/${customer.id}`;
  const papers = draft.papers || [];
  const signed = (kind) => papers.filter((one) => one.kind === kind);
  // the sheet is on the phone before one leaves it, so that what is signed finds it
  const leave = () => change({});
  const way = (kind, icon, words) => html`<${Link} class="btn line grow" href=${`${at}/${kind}?visit=${draft.visit_id}`} onClick=${leave}><${Icon} name=${icon} small /> ${signed(kind).length ? t("{what}, another", { what: words }) : words}<//>`;
  return html`<${Step} title=${t("On the spot")} gap=${papers.length ? t("signed: {n}", { n: papers.length }) : ""}>
    ${papers.length > 0 && html`<ul class="list">${papers.map((one) => html`<li class="row" key=${one.id}><span>${one.kind === "plan" ? t("Repayment plan") : t("Statement of account")} <span class="num">${one.number}</span></span><span class="tag good">${t("Signed")}</span></li>`)}</ul>`}
    <div class="btns">${way("statement", "file", t("Statement of account"))}${way("plan", "pen", t("Repayment plan"))}
      ${forms().map((one) => html`<${Link} key=${one.id} class="btn line grow" href=${`${at}/method/${one.method}?visit=${draft.visit_id}`} onClick=${leave}><${Icon} name="eye" small /> ${pick(one.labels)}<//>`)}</div>
  <//>`;
}
