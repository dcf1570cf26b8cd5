// Builds every paper of the shared fixture with the phone's code and prints what differs from the server's text.
import { readFileSync } from "node:fs";
import { shownBlocks, textOf } from "../../static/js/plans/text.js";
import { manifestOf } from "../../static/js/plans/manifest.js";
import { strokesProblem } from "../../static/js/plans/strokes.js";
import { digest, sha256 } from "../../static/js/kernel/canonical.js";
import { paperNumber } from "../../static/js/kernel/ids.js";
import { enAmount, zhAmount } from "../../static/js/plans/words.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf-8"));
const cases = read("../documents/fixtures/clause_cases.json");
const wrong = [];
const asked = { papers: 0, amounts: 0, numbers: 0, strokes: 0 };

for (const one of cases.papers) {
  const edition = read(`../../fieldsales/documents/clause_sets/v${one.version}.json`);
  const text = textOf(shownBlocks(edition, one.kind, one.lang, one.payload, one.signatory, one.witness));
  asked.papers += 1;
  if (text !== one.text) wrong.push({ number: one.payload.number, text, expected: one.text });
  const payload_sha256 = await digest(one.payload);
  if (payload_sha256 !== one.payload_sha256) wrong.push({ number: one.payload.number, text: payload_sha256, expected: one.payload_sha256 });
  const { manifest } = one;
  const signing = { ...manifest, text_sha256: await sha256(text), payload_sha256, signatory: one.signatory };
  const made = await digest(manifestOf(one.kind, one.payload, signing, manifest.device_id));
  if (made !== one.manifest_sha256) wrong.push({ number: one.payload.number, text: made, expected: one.manifest_sha256 });
}
for (const { minor, digits, zh, en } of cases.amounts) {
  asked.amounts += 1;
  if (zhAmount(minor, digits) !== zh) wrong.push({ minor, text: zhAmount(minor, digits), expected: zh });
  if (enAmount(minor, digits) !== en) wrong.push({ minor, text: enAmount(minor, digits), expected: en });
}
for (const { prefix, id, on, number } of cases.numbers) {
  asked.numbers += 1;
  if (paperNumber(prefix, id, on) !== number) wrong.push({ id, text: paperNumber(prefix, id, on), expected: number });
}
for (const { problem, ...strokes } of cases.strokes) {
  asked.strokes += 1;
  if (strokesProblem(strokes) !== problem) wrong.push({ strokes, text: strokesProblem(strokes), expected: problem });
}
console.log(JSON.stringify({ asked, wrong: wrong.slice(0, 5) }));
