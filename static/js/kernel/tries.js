// Wrong PINs are counted on the disk, before each is tried: neither a reload nor a pulled battery gives another free one.
import { asked, meta, transact } from "./storage.js";

/** Seconds to wait after the nth wrong PIN. */
const WAITS = [0, 0, 0, 5, 15, 30, 60, 120, 300, 600];
/** After so many the account's password is asked for, online. */
export const MOST = WAITS.length;

/** Not yet; `ms` to wait. */
export class TooSoon extends Error {
  constructor(ms) {
    super("too soon");
    this.ms = ms;
  }
}
/** Enough tries: the account's password comes first. */
export class NeedPassword extends Error {}

function left({ count, at }, now) {
  const wait = (WAITS[count] ?? 0) * 1000;
  // a clock that was set back must not lengthen it, one set forward is a claim we cannot check
  return Math.min(wait, Math.max(0, at + wait - now));
}

/** How many were wrong, and how long to wait now. */
export async function tries() {
  const { count = 0, at = 0 } = (await meta.get("tries")) ?? {};
  return { count, wait: left({ count, at }, Date.now()), spent: count >= MOST };
}

/** Count one more before it is tried; throws TooSoon or NeedPassword. */
export const countOne = () =>
  transact(["meta"], "readwrite", async (at) => {
    const now = Date.now();
    const { count = 0, at: last = 0 } = (await asked(at("meta").get("tries")))?.value ?? {};
    if (count >= MOST) throw new NeedPassword("password first");
    const wait = left({ count, at: last }, now);
    if (wait > 0) throw new TooSoon(wait);
    at("meta").put({ id: "tries", value: { count: count + 1, at: now } });
  });

export const forgetTries = () => transact(["meta"], "readwrite", (at) => asked(at("meta").delete("tries")));
