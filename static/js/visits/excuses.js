// The reasons for not paying that reps hear, coded; the office (and plugins) give the list.
import { pick } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";

export const excuses = () => docs.one("settings").value?.excuses || [];

/** An excuse's name: settings carry `{code, zh, en}`. */
export function excuseWords(code) {
  const found = excuses().find((one) => one.code === code);
  return found ? pick(found.labels || found) : code;
}
