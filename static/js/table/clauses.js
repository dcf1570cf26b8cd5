// What the customer has signed himself that answers an excuse: the clauses of his plan, in the words of the present clause set. Pure.

/** Which clauses of a signed plan answer which excuse, by their rule. */
const ANSWERS = {
  acknowledgement: ["quality", "not_received", "account_differs", "price", "after_sales", "campaign", "rebate", "no_fapiao"],
  acceleration: ["cash_tight", "downstream", "paid_others", "unsold", "at_once", "approval", "boss_away"],
  no_waiver: ["threat", "rebate", "at_once"],
};

/** The newest plan that stands; null when none was signed, or it was broken off or replaced. */
export const standingPlan = (customer) => [...(customer.plans || [])].filter((one) => !["void", "superseded"].includes(one.state) && one.signed_on)
  .sort((a, b) => b.signed_on.localeCompare(a.signed_on))[0] || null;

/** `[{rule, title, text}]` for an excuse, in one language; paragraphs with a figure the phone does not know are left out. `known`: `{on, total}` written out. */
export function clausesFor(code, blocks, known) {
  const rules = Object.keys(ANSWERS).filter((rule) => ANSWERS[rule].includes(code));
  return rules.flatMap((rule) => {
    const at = (blocks || []).findIndex((one) => one.kind === "clause" && one.rule === rule);
    if (at < 0) return [];
    const text = paragraphs(blocks, at).map((one) => filled(one.text, known)).filter(Boolean).join(" ");
    return text ? [{ rule, title: blocks[at].text, text }] : [];
  });
}

function paragraphs(blocks, at) {
  const rest = blocks.slice(at + 1);
  const end = rest.findIndex((one) => one.kind === "clause");
  return (end < 0 ? rest : rest.slice(0, end)).filter((one) => one.kind === "para" && !one.when);
}

function filled(text, { on, total }) {
  const done = text.replace(/\{total_words\}\s*[（(]\{total\}[)）]|\{total\}\s*[（(]\{total_words\}[)）]/, total).replaceAll("{on}", on).replaceAll("{total}", total);
  return /\{\w+\}/.test(done) ? "" : done;
}
