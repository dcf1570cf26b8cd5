// Phrases of pity in what is written to a customer: the twin of fieldsales/collection/linter.py, held to the same cases. Pure.
const GAP = 12;
const LETTER = /[A-Za-z]/;

function sign(one) {
  if (one === "*") return `[^\\n]{0,${GAP}}?`;
  if (one === " ") return "[ \\t\\n\\u00a0\\u3000]+";
  if (one === "'" || one === "’") return "['’]";
  return /[!-/:-@[-`{-~]/.test(one) ? `\\x${one.codePointAt(0).toString(16).padStart(2, "0")}` : one;
}

/** A phrase as a regular expression: blanks may be any, an apostrophe of either kind, English ends at a word. */
export function pattern(phrase) {
  const made = [...phrase.trim().replace(/\s+/g, " ")].map(sign).join("");
  return `${LETTER.test(phrase[0]) ? "(?<![A-Za-z])" : ""}${made}${LETTER.test(phrase.at(-1)) ? "(?![A-Za-z])" : ""}`;
}

/** Every phrase found, by where it begins; of two that overlap the one that begins first, else the longer. */
export function mark(text, phrases) {
  const found = phrases.filter((one) => one.phrase.replace(/[ *]/g, "")).flatMap((one) =>
    [...text.matchAll(new RegExp(pattern(one.phrase), "giu"))].map((hit) => ({ start: hit.index, found: hit[0], instead: one.instead })));
  const marks = [];
  for (const one of found.sort((a, b) => a.start - b.start || b.found.length - a.found.length || (a.instead < b.instead ? -1 : 1))) {
    const last = marks.at(-1);
    if (!last || one.start >= last.start + last.found.length) marks.push(one);
  }
  return marks;
}
