// In the background for too long: the phone locks. How long is too long is set on the phone, for each person.
import { meta } from "./storage.js";

/** Minutes one may choose; 0 locks at once. */
export const MINUTES = [0, 5, 15];
const USUAL = 5;
const CAMERA_MS = 5 * 60_000;

let minutes = USUAL;
let camera = false; // a photo is being taken: the page was left for that
let left = 0;
let timer = 0;

export const lockAfter = async () => (minutes = (await meta.get("lock"))?.minutes ?? USUAL);

/** @param {number} chosen one of MINUTES */
export async function setLockAfter(chosen) {
  minutes = chosen;
  await meta.put("lock", { minutes: chosen });
}

const limit = () => (camera ? Math.max(CAMERA_MS, minutes * 60_000) : minutes * 60_000);

/** @param {() => Promise<void>} lock */
function leave(lock) {
  left = Date.now();
  clearTimeout(timer);
  if (!limit()) return void lock();
  timer = setTimeout(lock, limit());
}

// the timer may have slept with the phone
function comeBack(lock) {
  clearTimeout(timer);
  if (left && Date.now() - left >= limit()) lock();
  left = 0;
  camera = false;
}

/** Watch the page's going and coming. @param {() => Promise<void>} lock */
export function startAway(lock) {
  void lockAfter();
  addEventListener("click", (event) => (camera = event.target instanceof Element && event.target.closest("input[type=file]") !== null), { capture: true });
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? leave(lock) : comeBack(lock)));
}
