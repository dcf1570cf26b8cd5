// The whole text a signatory reads, built from the locked clause set exactly as fieldsales/documents/clauses.py builds it:
// the same bytes on the phone and at the office. tests/documents/fixtures/clause_cases.json holds what both must give.
import { enAmount, figures, percent, zhAmount } from "./words.js";

const CELL_JOINT = "  ";

// one pass, so a name that contains braces stays text
const fill = (text, values) => text.replace(/\{([a-z0-9_]+)\}/g, (_, name) => values[name]);

function date(iso, lang) {
  const [year, month, day] = iso.slice(0, 10).split("-");
  return fill(lang.date, { year, month: lang.months[Number(month) - 1], day: String(Number(day)) });
}

function amounts(words, currency, lang) {
  const known = words.currencies[currency] || { sign: `${currency} `, digits: 2, zh: currency, en: currency };
  return {
    figures: (minor) => figures(minor, known.sign, known.digits),
    words: (minor) => (lang === "zh" ? known.zh + zhAmount(minor, known.digits) : `${known.en} ${enAmount(minor, known.digits)}`),
  };
}

/** Whether nothing shows that the signatory may bind the debtor (合同编通则解释 22): printed as such. */
export function isUnproven(payload, signatory) {
  if (signatory.authority === "self") return payload.debtor_kind === "company";
  return signatory.authority === "none" && !signatory.authority_sha256.length;
}

function signingValues(payload, signatory, witness, lang) {
  const photos = signatory.authority_sha256.length;
  return {
    signatory_name: signatory.name,
    role: signatory.role_text || lang.roles[signatory.role],
    authority: lang.authorities[signatory.authority],
    id_last4: signatory.id_last4,
    signatory_phone: signatory.phone,
    photos: photos ? String(photos) : "",
    unproven: isUnproven(payload, signatory) ? "1" : "",
    represents: signatory.role === "self" ? "" : "1",
    witness,
  };
}

function commonValues(payload, lang) {
  return {
    number: payload.number,
    seller_name: payload.seller_name,
    seller_account: payload.seller_account,
    debtor_name: payload.debtor_name,
    debtor_kind: lang.kinds[payload.debtor_kind],
    debtor_reg_no: payload.debtor_reg_no,
    reg_label: lang.reg_labels[payload.debtor_kind],
    place: payload.place,
    signed_at: payload.made_at.slice(0, 16).replace("T", " "),
    invoices: payload.invoices.length ? String(payload.invoices.length) : "",
  };
}

const sum = (list, of) => list.reduce((total, item) => total + of(item), 0);

// a date in a table of both languages is said once
const cellDate = (iso, lang, inBoth) => (inBoth ? iso.slice(0, 10) : date(iso, lang));

function planValues(payload, lang, money, inBoth) {
  const listed = sum(payload.invoices, (invoice) => invoice[1]);
  const values = {
    on: date(payload.acknowledged_on, lang),
    debtor_address: payload.debtor_address,
    guarantor_name: payload.guarantor_name,
    total: money.figures(payload.total_minor),
    total_words: money.words(payload.total_minor),
    count: String(payload.instalments.length),
    late_rate: payload.late_daily_bp100 ? percent(payload.late_daily_bp100) : "",
    invoices_total: money.figures(listed),
    rest: listed > payload.total_minor ? "1" : "",
    statement: payload.statement_id || "",
    predecessor: payload.predecessor_id || "",
    predecessor_number: payload.predecessor_number || "",
    predecessor_paid: payload.predecessor_paid_minor ? money.figures(payload.predecessor_paid_minor) : "",
    expired: payload.limitation_expired ? "1" : "",
    remote: payload.channel === "remote" ? "1" : "",
  };
  const instalments = payload.instalments.map((item) => ({
    n: String(item.n),
    due_on: cellDate(item.due_on, lang, inBoth),
    amount: money.figures(item.amount_minor),
    amount_words: money.words(item.amount_minor),
  }));
  const invoices = payload.invoices.map(([number, minor]) => ({ number, amount: money.figures(minor) }));
  return [values, { instalments, invoices }];
}

function statementValues(payload, lang, money, inBoth) {
  const { differences } = payload;
  const values = {
    on: date(payload.as_of, lang),
    balance: money.figures(payload.balance_minor),
    balance_words: money.words(payload.balance_minor),
    agreed: money.figures(payload.agreed_minor),
    agreed_words: money.words(payload.agreed_minor),
    owes: payload.agreed_minor ? "1" : "",
    differences: differences.length ? String(differences.length) : "",
    difference: money.figures(sum(differences, (item) => item.amount_minor)),
  };
  const rows = differences.map((item) => ({ kind: lang.differences[item.kind], note: item.note || "—", amount: money.figures(item.amount_minor) }));
  const invoices = payload.invoices.map(([number, due, minor]) => ({ number, due_on: cellDate(due, lang, inBoth), amount: money.figures(minor) }));
  return [values, { differences: rows, invoices }];
}

function show(blocks, values, lists, lang) {
  let number = 0;
  return blocks.filter((block) => !(block.when && !values[block.when]) && !(block.unless && values[block.unless])).map((block) => {
    const gap = Boolean(block.gap);
    if (block.kind === "clause") {
      number += 1;
      return { kind: "clause", gap, number, text: fill(lang.clause, { numeral: lang.numerals[number - 1], title: block.text }) };
    }
    if (block.kind === "rows") {
      const heads = block.columns.map((column) => column.head);
      const rows = lists[block.of].map((item) => block.columns.map((column) => fill(column.text, item)));
      const text = [heads, ...rows].map((cells) => cells.join(CELL_JOINT)).join("\n");
      return { kind: "rows", gap, text, heads, rows, caption: block.caption, aligns: block.columns.map((column) => column.align) };
    }
    return { kind: block.kind, gap, text: fill(block.text, values) };
  });
}

const both = (zh, en) => (zh === en ? zh : `${zh} / ${en}`);
const pair = (zh, en) => zh.map((one, index) => both(one, en[index]));

/** Every block in Chinese, its English below it, one table for both: as fieldsales/documents/bilingual.py. */
function paired(zh, en) {
  return zh.flatMap((left, index) => {
    const right = en[index];
    if (left.kind === "rows") {
      const heads = pair(left.heads, right.heads);
      const rows = left.rows.map((cells, n) => pair(cells, right.rows[n]));
      return [{ ...left, heads, rows, caption: both(left.caption, right.caption), text: [heads, ...rows].map((cells) => cells.join(CELL_JOINT)).join("\n") }];
    }
    return left.text === right.text ? [left] : [left, { ...right, gap: false, lang: "en" }];
  });
}

/** The blocks with the clauses the payload brings, before the clause on effect, which closes a paper. */
function withAdded(blocks, added = [], lang) {
  const found = blocks.findIndex((block) => block.rule === "effect");
  const at = found < 0 ? blocks.length : found;
  const more = added.flatMap((clause) => {
    const when = clause.when ? { when: clause.when } : {};
    return [{ kind: "clause", text: clause[`title_${lang}`], gap: true, ...when }, ...clause[`paras_${lang}`].map((text) => ({ kind: "para", text, ...when }))];
  });
  return [...blocks.slice(0, at), ...more, ...blocks.slice(at)];
}

function blocksOf(clauses, kind, lang, payload, signatory, witness, inBoth) {
  const language = clauses.words[lang];
  const money = amounts(clauses.words, payload.currency, lang);
  const [own, lists] = (kind === "plan" ? planValues : statementValues)(payload, language, money, inBoth);
  const values = { ...commonValues(payload, language), ...signingValues(payload, signatory, witness, language), ...own, bilingual: inBoth ? "1" : "" };
  return show(withAdded(clauses[kind][lang], payload.clauses, lang), values, lists, language);
}

/** The paper `kind` ("plan" | "statement") block by block. `clauses`: what the settings carry: {plan, statement, words}. `lang`: zh, en, zh-en. */
export function shownBlocks(clauses, kind, lang, payload, signatory, witness = "") {
  const made = (one, inBoth) => blocksOf(clauses, kind, one, payload, signatory, witness, inBoth);
  return lang === "zh-en" ? paired(made("zh", true), made("en", true)) : made(lang, false);
}

/** The blocks as the one text whose bytes are hashed: LF, NFC, no LF at the end. */
export const textOf = (blocks) => blocks.map((block) => (block.gap ? "\n" : "") + block.text).join("\n").normalize("NFC");
