// A draft: every change is kept on the phone as it is made, so a closed page, a call or the camera loses nothing.
import { useEffect, useRef, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { door } from "../kernel/door.js";
import { drafts } from "../kernel/drafts.js";
import { busy } from "../kernel/worker.js";

/** Drafts being written just now: key → promise. */
const going = new Map();

/** Resolves once nothing of this draft is being written: a save deletes it, and a late write must not bring it back. */
export const settled = (key) => going.get(key) ?? Promise.resolve();

/** Resolves once no draft at all is being written; null when none is. */
export const allSettled = () => (going.size ? Promise.all(going.values()) : null);

/**
 * `[value, change, kept]`: the draft (undefined until it has been looked up), `change(part)` merges and keeps,
 * `kept` is true once the last change is on the phone, "full" when it could not be. Writes follow one another; the newest wins.
 */
export function useDraft(key, make) {
  const [value, setValue] = useState(undefined);
  const [kept, setKept] = useState(true);
  const now = useRef(undefined);
  const written = useRef(undefined);
  const left = useRef(false);

  useEffect(() => {
    left.current = false;
    busy(true);
    drafts.get(key).then((found) => {
      if (left.current) return;
      now.current = { ...make(), ...found };
      setValue(now.current);
    });
    return () => {
      left.current = true;
      busy(false);
    };
  }, [key]);

  // one write after another: an older one can never come to lie over a newer one
  const write = async () => {
    let full = false;
    while (written.current !== now.current) {
      written.current = now.current;
      full = await drafts.put(key, now.current).then(() => false, () => true);
    }
    going.delete(key);
    setKept(full ? "full" : true);
  };
  const change = (part) => {
    // a place found, a photo made smaller after the form was left must not bring a saved draft back
    if (left.current) return;
    now.current = { ...now.current, ...(typeof part === "function" ? part(now.current) : part) };
    setValue(now.current);
    setKept(false);
    if (!going.has(key)) going.set(key, write());
  };
  return [value, change, kept];
}

/**
 * What stands there once a form was saved (a number, a text to share): through a reload and the lock, until the screen is left.
 * `[done, setDone]`: undefined until it has been looked up, null when there is none.
 */
export function useDone(key) {
  const [done, setDone] = useState(undefined);
  useEffect(() => {
    drafts.get(key).then((found) => setDone((now) => now ?? found ?? null), () => {});
    return () => {
      if (door.value.state === "open") drafts.remove(key).catch(() => {}); // left by the person, not by the lock
    };
  }, [key]);
  const keep = (value) => {
    setDone(value);
    drafts.put(key, value).catch(() => {}); // a full phone: it stands here until the page goes
  };
  return [done, keep];
}

/** A line or two outside a form, kept like a draft: `[text, setText]`. @param {string} key @param {string} [first] */
export function useKeptText(key, first = "") {
  const [text, setText] = useState(first);
  useEffect(() => {
    drafts.get(key).then((found) => found && setText(found.text), () => {});
  }, [key]);
  const keep = (value) => {
    setText(value);
    const write = (going.get(key) ?? Promise.resolve()).then(() => drafts.put(key, { text: value })).catch(() => {});
    going.set(key, write);
    write.then(() => going.get(key) === write && going.delete(key));
  };
  return [text, keep];
}

/** Where the draft stands, in words. */
export function draftNote(kept) {
  if (kept === "full") return t("This draft could not be kept: the phone is full. Save now, or free some space.");
  return kept ? t("Draft kept on this phone") : t("Keeping the draft");
}
