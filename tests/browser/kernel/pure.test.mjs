// The kernel's pure parts, under node --test. What must agree with Python is checked from pytest with shared cases.
import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical, digest, nfc, sha256 } from "../../../static/js/kernel/canonical.js";
import { seal, unseal } from "../../../static/js/kernel/crypto.js";
import { addDays, addMonths, clock, day, daysBetween, fullDay } from "../../../static/js/kernel/dates.js";
import { paperNumber, uuid7 } from "../../../static/js/kernel/ids.js";
import { headline, headlines, money, parseAmount, plain, split } from "../../../static/js/kernel/money.js";
import { distance } from "../../../static/js/kernel/place.js";
import { locale, pick, t, words } from "../../../static/js/kernel/words.js";

const newKey = () => crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);

test("uuid7 is a version 7 id of its time, and never the same twice", () => {
  const at = 1700000000123;
  const id = uuid7(at);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(parseInt(id.slice(0, 13).replace("-", ""), 16), at);
  assert.equal(new Set(Array.from({ length: 1000 }, () => uuid7())).size, 1000);
});

test("canonical: RFC 8785's own example", () => {
  const value = { numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001], string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\\"\/', literals: [null, true, false] };
  assert.equal(
    canonical(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
  assert.equal(canonical({ "\u20ac": 1, "\r": 2, "\ufb33": 3, 1: 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 }), '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  assert.equal(canonical({ a: undefined, b: [undefined] }), '{"b":[null]}');
  assert.throws(() => canonical({ a: NaN }));
});

test("digest does not depend on the order of names", async () => {
  assert.equal(await digest({ a: 1, b: [2] }), await digest({ b: [2], a: 1 }));
  assert.equal(await sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("nfc: composed, LF, hidden signs gone, everything else untouched", () => {
  const given = { name: "e\u0301", lines: "a\r\nb\rc\td", bad: "1\u202e0\u200b0\ufeff", list: ["\ud800x", "😀"], n: 1, none: null, gone: undefined };
  assert.deepEqual(nfc(given), { name: "é", lines: "a\nb\nc\td", bad: "100", list: ["x", "😀"], n: 1, none: null });
});

test("money: exact in figures, short in headlines", () => {
  assert.equal(money(123456789), "¥1,234,567.89");
  assert.equal(money(-5), "-¥0.05");
  assert.equal(money(1234, "JPY"), "JPY 1,234");
  assert.equal(plain(100), "1.00");
  locale.value = "zh";
  assert.deepEqual([headline(123460000), headline(38600000), headline(12345678900), headline(999900), headline(0)], ["123.5 万", "38.6 万", "1.23 亿", "¥9,999.00", "¥0.00"]);
  locale.value = "en";
  assert.deepEqual([headline(123956789), headline(3860000)], ["1.24 M", "38.6 k"]);
  assert.deepEqual([headline(5413175841, "USD"), headline(100, "EUR")], ["USD 54.13 M", "€1.00"]);
  assert.equal(headlines([["CNY", 12500000], ["USD", 3100000], [undefined, 100000], ["EUR", 0]]), "126 k + USD 31 k");
  locale.value = "zh";
});

test("parseAmount reads what people type, and nothing that is not an amount", () => {
  const read = { "1234.5": 123450, "1,234.50": 123450, "１２３４": 123400, "12万": 12000000, "1.5万": 1500000, "0.01": 1, ".5": 50, "¥ 88": 8800, "3.10": 310, "1.005万": 1005000 };
  for (const [text, minor] of Object.entries(read)) assert.equal(parseAmount(text), minor, text);
  for (const text of ["", ".", "abc", "1.234", "-5", "1e5", "99999999999999", "1.2.3", "万"]) assert.equal(parseAmount(text), null, text);
});

test("split sums exactly, the rest on the first shares", () => {
  assert.deepEqual(split(10000, 3), [3334, 3333, 3333]);
  for (let n = 1; n < 40; n++) assert.equal(split(123457, n).reduce((a, b) => a + b), 123457);
});

test("dates: by the calendar, months keep their end", () => {
  assert.equal(addDays("2026-02-28", 1), "2026-03-01");
  assert.equal(addMonths("2026-01-31", 1), "2026-02-28");
  assert.equal(addMonths("2024-01-31", 1), "2024-02-29");
  assert.equal(addMonths("2026-11-30", 3), "2027-02-28");
  assert.equal(daysBetween("2026-03-01", "2026-02-01"), -28);
  assert.equal(day("2026-03-12"), "3月12日(周四)");
  assert.equal(fullDay("2026-03-12"), "2026年3月12日");
  assert.equal(clock("2026-03-12T01:41:00Z"), "09:41");
  locale.value = "en";
  assert.equal(day("2026-03-12"), "Thu 12 Mar");
  locale.value = "zh";
});

test("words: Chinese where there is one, places filled, unknown places left", () => {
  words({ "{n} to send": "待发送 {n}" });
  assert.equal(t("{n} to send", { n: 3 }), "待发送 3");
  assert.equal(t("{n} of {m}", { n: 3 }), "3 of {m}");
  assert.equal(pick({ zh: "电话", en: "Phone" }), "电话");
});

test("a sealed record opens only as itself", async () => {
  const key = await newKey();
  const record = await seal(key, "docs", "a", {}, { name: "金丝雀" });
  assert.deepEqual(await unseal(key, "docs", record), { name: "金丝雀" });
  await assert.rejects(unseal(key, "drafts", record));
  await assert.rejects(unseal(key, "docs", { ...record, id: "b" }));
  new Uint8Array(record.ct)[3] ^= 1;
  await assert.rejects(unseal(key, "docs", record));
  assert.equal(key.extractable, false);
});

test("distance: Ningbo to Shanghai is about 150 km", () => {
  assert.ok(Math.abs(distance(29.8683, 121.544, 31.2304, 121.4737) - 151_600) < 1500);
});

test("paper numbers carry prefix, day and the id's last 40 bits", () => {
  assert.equal(paperNumber("HK", "019c0000-0000-7000-8000-0000000000ff", "2026-11-21"), "HK261121-0000007Z");
});
