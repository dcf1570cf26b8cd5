// Sentences: written in English where they are used, shown in the person's language.
import { signal } from "../../vendor/signals-core.js";

const chinese = Object.create(null);
const kept = globalThis.localStorage;

/** "zh" or "en". */
export const locale = signal(kept?.getItem("fieldsales.locale") === "en" ? "en" : "zh");

/** @param {string} code */
export function setLocale(code) {
  locale.value = code === "en" ? "en" : "zh";
  kept?.setItem("fieldsales.locale", locale.value);
  if (globalThis.document) document.documentElement.lang = locale.value === "zh" ? "zh-CN" : "en";
}

/** Add the Chinese of English sentences. @param {Record<string, string>} table */
export function words(table) {
  Object.assign(chinese, table);
}

/** @param {string} sentence @param {Record<string, unknown>} [values] */
export function t(sentence, values) {
  const text = (locale.value === "zh" && chinese[sentence]) || sentence;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : text;
}

/** The string of the present language. @param {{zh?: string, en?: string} | undefined} both */
export function pick(both) {
  return both?.[locale.value] || both?.zh || both?.en || "";
}
