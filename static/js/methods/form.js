// A form as it may be drawn, whatever came: a newer server may ask what this app does not know, and a broken one anything at all.
import { KNOWN } from "./check.js";

const NAME = /^[a-z][a-z0-9_]{1,39}$/;
const isText = (one) => typeof one === "string";
const isThing = (one) => Boolean(one) && typeof one === "object";
const list = (one) => (Array.isArray(one) ? one : []);
const bound = (one) => (Number.isInteger(one) ? one : null);

/** Words in both languages, or the name where there are none. */
const labelsOf = (given, name) => ({ zh: isText(given?.zh) ? given.zh : isText(given?.en) ? given.en : name, en: isText(given?.en) ? given.en : isText(given?.zh) ? given.zh : name });

const choicesOf = (given) => list(given).filter((one) => isThing(one) && isText(one.value)).map((one) => ({ ...one, labels: labelsOf(one.labels, one.value) }));

const whenOf = (given) => (isText(given?.field) && Array.isArray(given.in) ? { field: given.field, in: given.in } : null);

function fieldsOf(given, inRow) {
  const names = new Set();
  return list(given).flatMap((one) => {
    if (!isThing(one) || !NAME.test(one.name) || names.has(one.name) || (inRow && one.type === "rows")) return [];
    names.add(one.name);
    return [{
      ...one, labels: labelsOf(one.labels, one.name), hint: one.hint ? labelsOf(one.hint, "") : null, choices: choicesOf(one.choices), when: whenOf(one.when),
      minimum: bound(one.minimum), maximum: bound(one.maximum), fields: one.type === "rows" ? fieldsOf(one.fields, true) : [],
    }];
  });
}

/** Only our own server's files of plugins are ever loaded as a screen. */
const screenOf = (given) => (isText(given) && /^\/static\/plugins\/[a-z0-9_]+\/[0-9a-f]+\/[a-z0-9_/]+\.js$/.test(given) ? given : "");

/** The form made sound: `{…, beyond}`; `beyond` counts the questions this app is too old to ask. Null for what is no form. */
export function readable(form) {
  if (!isThing(form) || !isText(form.method) || !Number.isInteger(form.version)) return null;
  const fields = fieldsOf(form.fields, false);
  const known = fields.filter((one) => KNOWN.has(one.type));
  return { ...form, labels: labelsOf(form.labels, form.method), hint: form.hint ? labelsOf(form.hint, "") : null, fields: known, screen: screenOf(form.screen), beyond: fields.length - known.length + (bound(form.beyond) ?? 0) };
}
