// What kind of telephone number one is, by its shape: the twin of kernel/telephone.py, held to the same cases.
const EXTENSION = /(?:转|ext\.?|x|#|-)\s*([0-9]{1,6})$/i;
const HOME = /^(?:\+86|0086|86(?=1[2-9][0-9]{9}$))/;
const LANDLINE = /^(?:(?:010|02[0-9])[2-8][0-9]{7}|0[3-9][0-9]{2}[2-8][0-9]{6,7})$/;
const KINDS = [
  ["mobile", /^1[2-9][0-9]{9}$/],
  ["landline", LANDLINE],
  ["service", /^(?:[48]00[0-9]{7}|9[56][0-9]{3,6})$/],
  ["local", /^[2-8][0-9]{6,7}$/],
];
const ABROAD = /^(?:\+|00)[1-9][0-9]{6,14}$/;

function plain(number) {
  const digits = number.normalize("NFKC").replace(/[\s()\-.·]/g, "");
  const home = digits.replace(HOME, "");
  return home !== digits && LANDLINE.test(`0${home}`) ? `0${home}` : home;
}

const shape = (digits) => KINDS.find(([, pattern]) => pattern.test(digits))?.[0] || (ABROAD.test(digits) ? "abroad" : "");

/** `mobile`, `landline`, `service`, `abroad`, `local` (its area code is missing), or "". */
export function kindOf(number) {
  const found = shape(plain(number));
  if (found) return found;
  const whole = number.normalize("NFKC").trim();
  if (!EXTENSION.test(whole)) return "";
  const without = shape(plain(whole.replace(EXTENSION, "")));
  return ["landline", "service"].includes(without) ? without : "";
}
