// A signature as points: what was drawn, in CSS pixels × 10 from the top left of a canvas that lies across, and milliseconds.

const MAX_STROKES = 200;
const MAX_POINTS = 5000;

/**
 * Points of the signature pad → strokes. With `turned` the phone is held upright but written on along its long side:
 * its x runs down the screen, its y from right to left.
 * @param {{points: {x: number, y: number, time: number}[]}[]} groups @param {number} width @param {number} height of the screen's canvas
 */
export function strokesOf(groups, width, height, turned) {
  const first = groups[0]?.points[0]?.time ?? 0;
  let last = 0;
  const place = ({ x, y, time }) => {
    last = Math.max(last, Math.round(time - first)); // a clock set back while signing must not make time run back
    return turned ? [Math.round(y * 10), Math.round((width - x) * 10), last] : [Math.round(x * 10), Math.round(y * 10), last];
  };
  const strokes = groups.slice(0, MAX_STROKES).map((group) => group.points.slice(0, MAX_POINTS).map(place));
  return { width: Math.round(turned ? height : width), height: Math.round(turned ? width : height), strokes };
}

/** Why these strokes are no signature, as a code, or null: the same rule as fieldsales/documents/canonical.py. */
export function strokesProblem({ width, height, strokes }) {
  const points = strokes.flat();
  if (!points.length) return "empty";
  const range = (at) => points.reduce(([low, high], point) => [Math.min(low, point[at]), Math.max(high, point[at])], [Infinity, -Infinity]);
  const [minX, maxX] = range(0);
  const [minY, maxY] = range(1);
  if (minX < -2 * width || minY < -2 * height || maxX > 12 * width || maxY > 12 * height) return "outside";
  if (points.some((point, n) => n > 0 && point[2] < points[n - 1][2])) return "time";
  if (points.length < 8) return "few_points";
  if (points.at(-1)[2] - points[0][2] < 300) return "too_quick";
  const [short, long] = [maxX - minX, maxY - minY].sort((a, b) => a - b);
  if (long < 400 || short < 80 || strokes.reduce((sum, stroke) => sum + lengthOf(stroke), 0) < 600) return "too_small";
  return null;
}

const lengthOf = (stroke) => stroke.reduce((sum, [x, y], n) => (n ? sum + Math.hypot(x - stroke[n - 1][0], y - stroke[n - 1][1]) : 0), 0);
