// What is wrong with a new PIN, in words.
import { t } from "../kernel/words.js";
import { pinProblem } from "../kernel/pin.js";

/** @param {string} pin */
export function newPinTrouble(pin) {
  const why = pinProblem(pin);
  if (why === "digits") return t("A PIN has digits only.");
  if (why === "short") return t("At least 6 digits.");
  return why ? t("This one is tried first by anybody. Choose another.") : "";
}
