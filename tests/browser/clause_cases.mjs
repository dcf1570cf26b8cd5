// Builds every paper of the shared fixture with the phone's code and prints what differs from the server's text.
import { readFileSync } from "node:fs";
import { shownBlocks, textOf } from "../../static/js/plans/text.js";
import { enAmount, zhAmount } from "../../static/js/plans/words.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf-8"));
const cases = read("../documents/fixtures/clause_cases.json");
const wrong = [];
const asked = { papers: 0, amounts: 0 };

for (const one of cases.papers) {
  const edition = read(`../../fieldsales/documents/clause_sets/v${one.version}.json`);
  const text = textOf(shownBlocks(edition, one.kind, one.lang, one.payload, one.signatory, one.witness));
  asked.papers += 1;
  if (text !== one.text) wrong.push({ number: one.payload.number, text, expected: one.text });
}
for (const { minor, digits, zh, en } of cases.amounts || []) {
  asked.amounts += 1;
  if (zhAmount(minor, digits) !== zh) wrong.push({ minor, text: zhAmount(minor, digits), expected: zh });
  if (enAmount(minor, digits) !== en) wrong.push({ minor, text: enAmount(minor, digits), expected: en });
}
console.log(JSON.stringify({ asked, wrong: wrong.slice(0, 5) }));
