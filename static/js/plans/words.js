// Amounts in words and figures, by the same rules as fieldsales/documents/words.py. Whole minor units, never a float.

const ZH = "零壹贰叁肆伍陆柒捌玖";
const ZH_PLACES = ["", "拾", "佰", "仟"];
const ZH_GROUPS = ["", "万", "亿", "万亿"];
const ZH_PARTS = ["角", "分", "厘"];
const ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen").split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const EN_GROUPS = ["", " thousand", " million", " billion", " trillion"];

const part = (value, size, group) => Math.floor(value / size ** group) % size;

/** 1..9999 without the zero that may stand before it. */
function zhGroup(value) {
  let said = "";
  let gap = false;
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(value / 10 ** place) % 10;
    if (digit) said += (gap && said ? "零" : "") + ZH[digit] + ZH_PLACES[place];
    gap = !digit;
  }
  return said;
}

/** 100200 → 壹拾万零贰佰 */
export function zhInteger(value) {
  if (value === 0) return "零";
  let said = "";
  for (let group = 3; group >= 0; group--) {
    const value4 = part(value, 10000, group);
    if (!value4) continue;
    if (said && value4 < 1000) said += "零";
    said += zhGroup(value4) + ZH_GROUPS[group];
  }
  return said;
}

/** Minor units → 壹拾万元整; 角 ends with 整, 分 does not (会计基础工作规范 52). */
export function zhAmount(minor, digits = 2) {
  const unit = 10 ** digits;
  const whole = Math.floor(minor / unit);
  const rest = minor % unit;
  let said = whole || !rest ? zhInteger(whole) + "元" : "";
  let gap = false;
  for (let index = 0; index < digits; index++) {
    const digit = Math.floor(rest / 10 ** (digits - 1 - index)) % 10;
    if (digit) said += (gap && said ? "零" : "") + ZH[digit] + ZH_PARTS[index];
    gap = !digit;
  }
  return said + (digits > 1 && rest % 10 ** (digits - 1) ? "" : "整");
}

/** 1..999: 125 → one hundred and twenty-five */
function enHundreds(value) {
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  const said = hundreds ? `${ONES[hundreds]} hundred` : "";
  if (!rest) return said;
  const low = rest < 20 ? ONES[rest] : TENS[Math.floor(rest / 10) - 2] + (rest % 10 ? `-${ONES[rest % 10]}` : "");
  return said ? `${said} and ${low}` : low;
}

export function enInteger(value) {
  if (value === 0) return "zero";
  const parts = [];
  for (let group = 4; group >= 0; group--) {
    const value3 = part(value, 1000, group);
    if (value3) parts.push((group === 0 && parts.length && value3 < 100 ? "and " : "") + enHundreds(value3) + EN_GROUPS[group]);
  }
  return parts.join(" ");
}

/** 10050 → one hundred and 50/100; a whole amount ends with "only". */
export function enAmount(minor, digits = 2) {
  const unit = 10 ** digits;
  const rest = minor % unit;
  return enInteger(Math.floor(minor / unit)) + (rest ? ` and ${String(rest).padStart(digits, "0")}/${unit}` : " only");
}

/** 10000000 → ¥100,000.00 */
export function figures(minor, sign, digits = 2) {
  const unit = 10 ** digits;
  const size = Math.abs(minor);
  const whole = String(Math.floor(size / unit)).replace(/\B(?=(\d{3})+$)/g, ",");
  return (minor < 0 ? "-" : "") + sign + whole + (digits ? "." + String(size % unit).padStart(digits, "0") : "");
}

/** A rate in 1/100 of a basis point: 500 → 0.05% */
export function percent(bp100) {
  const text = `${Math.floor(bp100 / 10000)}.${String(bp100 % 10000).padStart(4, "0")}`;
  return text.replace(/0+$/, "").replace(/\.$/, "") + "%";
}
