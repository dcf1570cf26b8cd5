// What may be a PIN: at least six digits that nobody would try first.

const SHORTEST = 6;
const TRIED_FIRST = new Set(["147258", "147258369", "159753", "258369", "789456", "123654", "456789", "5201314", "1314520", "1314521", "20082008", "112358", "314159"]);

/** Digits as they were meant: full-width ones, and without the blanks of a keyboard. @param {string} typed */
export const digitsOf = (typed) => typed.normalize("NFKC").replace(/\s/g, "");

const steps = (pin) => [...pin].slice(1).map((digit, n) => (Number(digit) - Number(pin[n]) + 10) % 10);
const same = (list) => list.every((one) => one === list[0]);
const repeats = (pin) => [1, 2, 3].some((period) => [...pin].every((digit, n) => digit === pin[n % period]));
const pairs = (pin) => /^(?:(\d)\1)+$/.test(pin) && same(steps(pin.replace(/(\d)\1/g, "$1")));
const blocks = (pin) => /^(\d)\1+(\d)\2+$/.test(pin);

/** Why not this one: "digits" | "short" | "easy", or "" when it will do. @param {string} typed */
export function pinProblem(typed) {
  const pin = digitsOf(typed);
  if (!/^\d*$/.test(pin)) return "digits";
  if (pin.length < SHORTEST) return "short";
  // 111111, 123456 and 987654, 121212 and 520520, 112233, 666888
  return same(steps(pin)) || repeats(pin) || pairs(pin) || blocks(pin) || TRIED_FIRST.has(pin) ? "easy" : "";
}
