// How likely a promise is, of what kind, and why: the twin of promises/probability.py, to the basis point.
// The same table, the same whole numbers; tests/promises/probability_cases.json holds what both must give.
import { daysBetween } from "../kernel/dates.js";

/** [code, share of the hope it takes, share of the doubt it removes], per cent, in the order they are reckoned. */
export const TABLE = {
  no_day: [40, 0], no_payer: [10, 0], not_the_decider: [20, 0], hedged: [20, 0], put_off: [20, 0], far_off: [10, 0], very_far_off: [25, 0],
  usual_sum: [0, 25], stretch: [10, 0], above_best: [35, 0], beyond: [70, 0], no_history: [5, 0],
  own_cash: [0, 20], bill: [0, 20], owner_money: [0, 10], customers_pay: [20, 0], bank_loan: [30, 0], not_funded: [10, 0],
  others_unfunded: [35, 0], others_funded: [10, 0], proven: [0, 40], confirmed: [0, 15], untruthful: [25, 0], truthful: [0, 10],
};
const MIXED_IN = 4, LEAST = 200, MOST = 9700, LEAST_MONTHS = 3, BEYOND = 2, HOPELESS = 1500, LIKELY = 5000, EVASIVE = 3, LEAST_JUDGED = 3;
const UNSURE = ["customers_pay", "bank_loan"];
export const FUNDING = ["own_cash", "customers_pay", "bank_loan", "bill", "owner_money", "other"];
const HEDGES = ["尽量", "争取", "尽快", "再说", "看情况", "到时候", "过几天", "过两天", "过段时间", "过阵子", "差不多", "大概", "想办法", "有钱就", "有了就", "回头"];
const ENGLISH = /\b(?:as soon as possible|do my best|we'll see|hopefully|probably|perhaps|should|maybe|soon|try)\b/i;

/** The first word that leaves a way out, or "". */
export function hedgeIn(words = "") {
  const found = HEDGES.filter((hedge) => words.includes(hedge)).sort((a, b) => words.indexOf(a) - words.indexOf(b) || (a < b ? -1 : 1));
  return found[0] || ENGLISH.exec(words)?.[0] || "";
}

const whole = Math.floor;

/** [the usual, the best] they paid in as much time as there is until the day. */
function pace({ months, made_on, due_on }) {
  const span = Math.max(1, whole((daysBetween(made_on, due_on) + 29) / 30));
  const sums = months.map((one) => Math.max(0, one)).sort((a, b) => a - b);
  return [sums[whole((sums.length - 1) / 2)] * span, sums[sums.length - 1] * span];
}

function sizeOf(shape) {
  if (shape.months.length < LEAST_MONTHS) return "no_history";
  const [usual, best] = pace(shape);
  if (shape.amount_minor <= usual) return "usual_sum";
  if (shape.amount_minor <= best) return "stretch";
  return shape.amount_minor <= BEYOND * best ? "above_best" : "beyond";
}

/** The lines that hold: [code, what fills its places]. */
function* holding(shape) {
  const hedge = hedgeIn(shape.words);
  const days = daysBetween(shape.made_on, shape.due_on);
  if (!shape.day_named) yield ["no_day"];
  if (!shape.payer_named) yield ["no_payer"];
  if (shape.decides === "no") yield ["not_the_decider"];
  if (hedge) yield ["hedged", { word: hedge }];
  if (shape.put_off) yield ["put_off", { count: shape.put_off }];
  if (days > 30) yield [days > 90 ? "very_far_off" : "far_off"];
  const size = sizeOf(shape);
  const [usual, best] = size === "no_history" ? [0, 0] : pace(shape);
  yield [size, { usual, best }];
  if (shape.funding !== "other") yield [FUNDING.includes(shape.funding) ? shape.funding : "not_funded"];
  if (shape.others_promised === "yes") yield [shape.funding_proven ? "others_funded" : "others_unfunded"];
  if (shape.funding_proven) yield ["proven"];
  if (shape.confirmed) yield ["confirmed"];
  const [held, judged] = shape.truth || [0, 0];
  if (judged >= LEAST_JUDGED && 2 * held < judged) yield ["untruthful"];
  else if (judged >= LEAST_JUDGED && 5 * held >= 4 * judged) yield ["truthful"];
}

/** `{klass, bp, lines: [[code, effect in basis points, values]]}`. */
export function assess(given) {
  const shape = { day_named: true, payer_named: false, decides: "", words: "", funding: "", funding_proven: false, others_promised: "", confirmed: false,
    put_off: 0, kept: 0, partly: 0, settled: 0, house_bp: 5000, months: [], truth: null, ...given };
  let bp = whole((10000 * shape.kept + 5000 * shape.partly + MIXED_IN * shape.house_bp) / (shape.settled + MIXED_IN));
  const { kept, partly, settled, house_bp } = shape;
  const lines = [[settled ? "record" : "no_record", bp, { kept, partly, settled, house: `${whole((house_bp + 50) / 100)}%` }]];
  for (const [code, values = {}] of holding(shape)) {
    const [takes, gives] = TABLE[code];
    const before = bp;
    for (let n = code === "put_off" ? Math.min(2, shape.put_off) : 1; n > 0; n -= 1) {
      bp = whole((bp * (100 - takes)) / 100);
      bp += whole(((10000 - bp) * gives) / 100);
    }
    lines.push([code, bp - before, values]);
  }
  bp = Math.min(MOST, Math.max(LEAST, bp));
  return { klass: classOf(shape, bp), bp, lines };
}

function classOf(shape, bp) {
  const open = 2 * !shape.day_named + !shape.payer_named + Boolean(hedgeIn(shape.words)) + !shape.funding;
  if (open >= EVASIVE && !shape.confirmed) return "evasive";
  const size = sizeOf(shape);
  const tooMuch = size === "beyond" || (size === "above_best" && shape.others_promised === "yes");
  if (bp < HOPELESS || (tooMuch && !shape.funding_proven)) return "impossible";
  return size === "usual_sum" && bp >= LIKELY && !UNSURE.includes(shape.funding) ? "easy" : "costly";
}

/** What decided, the weightiest first; the record it began with comes first of all. */
export const weighty = ({ lines }, most = 5) => [lines[0], ...lines.slice(1).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]))].slice(0, most);
