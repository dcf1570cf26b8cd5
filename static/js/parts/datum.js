// Where a place is, in the datum a map of mainland China expects. A phone's fix is WGS-84; AMap, Apple's and Google's
// street maps there are drawn in GCJ-02, Baidu's in BD-09. Outside the mainland all of them are WGS-84.
// Published approximations of the transformations; tests/browser/fixtures/datum_pairs.json holds published pairs.

const AXIS = 6378245.0; // Krassovsky 1940, metres
const EE = 0.00669342162296594323;
const BD = (Math.PI * 3000) / 180;
const { PI, abs, atan2, cos, sin, sqrt } = Math;

// the mainland's rough outline: boxes that hold it, and boxes inside them that are not drawn in GCJ-02 (Hong Kong and Macau
// are too near to tell apart so: some hundred metres there are the map's to forgive)
const MAINLAND = [[49.2204, 79.4462, 42.8899, 96.33], [54.1415, 109.6872, 39.3742, 135.0002], [42.8899, 73.1246, 29.5297, 124.143255],
  [29.5297, 82.9684, 26.7186, 97.0352], [29.5297, 97.0253, 20.414096, 124.367395], [20.414096, 107.975793, 17.871542, 111.744104]];
const OUTSIDE = [[25.398623, 119.921265, 21.785006, 122.497559], [22.284, 101.8652, 20.0988, 106.665], [21.5422, 106.4525, 20.4878, 108.051],
  [55.8175, 109.0323, 50.3257, 119.127], [55.8175, 127.4568, 49.5574, 137.0227], [44.8922, 131.2662, 42.5692, 137.0227]];
const within = ({ lat, lon }) => ([north, west, south, east]) => lat <= north && lat >= south && lon >= west && lon <= east;

/** Whether maps shift this place. @param {{lat: number, lon: number}} place */
export const isShifted = (place) => MAINLAND.some(within(place)) && !OUTSIDE.some(within(place));

const wave = (x, parts) => parts.reduce((sum, [amount, length]) => sum + amount * sin((x / length) * PI), 0) * (2 / 3);

function shift({ lat, lon }) {
  const x = lon - 105;
  const y = lat - 35;
  const fast = wave(x, [[20, 1 / 6], [20, 1 / 2]]);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + fast + wave(y, [[20, 1], [40, 3]]) + wave(y, [[160, 12], [320, 30]]);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + fast + wave(x, [[20, 1], [40, 3]]) + wave(x, [[150, 12], [300, 30]]);
  const across = (lat / 180) * PI;
  const root = sqrt(1 - EE * sin(across) ** 2);
  return { lat: (north * 180) / (((AXIS * (1 - EE)) / root ** 3) * PI), lon: (east * 180) / ((AXIS / root) * cos(across) * PI) };
}

/** WGS-84 → GCJ-02 (火星坐标), degrees. @param {{lat: number, lon: number}} place */
export function toGcj(place) {
  if (!isShifted(place)) return { ...place };
  const by = shift(place);
  return { lat: place.lat + by.lat, lon: place.lon + by.lon };
}

/** GCJ-02 → WGS-84, by coming closer step by step: exact to a millimetre. @param {{lat: number, lon: number}} place */
export function fromGcj(place) {
  let guess = { ...place };
  for (let step = 0; step < 12; step++) {
    const there = toGcj(guess);
    guess = { lat: guess.lat + place.lat - there.lat, lon: guess.lon + place.lon - there.lon };
  }
  return guess;
}

/** GCJ-02 → BD-09, degrees. @param {{lat: number, lon: number}} place */
export function gcjToBd({ lat, lon }) {
  const far = sqrt(lon * lon + lat * lat) + 0.00002 * sin(lat * BD);
  const angle = atan2(lat, lon) + 0.000003 * cos(lon * BD);
  return { lat: far * sin(angle) + 0.006, lon: far * cos(angle) + 0.0065 };
}

/** BD-09 → GCJ-02, degrees, by coming closer step by step. @param {{lat: number, lon: number}} place */
export function bdToGcj(place) {
  let guess = { lat: place.lat - 0.006, lon: place.lon - 0.0065 };
  for (let step = 0; step < 12; step++) {
    const there = gcjToBd(guess);
    guess = { lat: guess.lat + place.lat - there.lat, lon: guess.lon + place.lon - there.lon };
  }
  return guess;
}

/** WGS-84 → BD-09. Outside the mainland Baidu's links are told the datum instead. @param {{lat: number, lon: number}} place */
export const toBd = (place) => gcjToBd(toGcj(place));
export const fromBd = (place) => fromGcj(bdToGcj(place));
