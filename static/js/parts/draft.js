// A draft: every change is kept on the phone as it is made, so a closed page, a call or the camera loses nothing.
import { useEffect, useRef, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { drafts } from "../kernel/drafts.js";
import { busy } from "../kernel/worker.js";

/**
 * `[value, change, kept]`: the draft (undefined until it has been looked up), `change(part)` merges and keeps,
 * `kept` is true once the last change is on the phone, "full" when it could not be. Writes follow one another; the newest wins.
 */
export function useDraft(key, make) {
  const [value, setValue] = useState(undefined);
  const [kept, setKept] = useState(true);
  const now = useRef(undefined);
  const written = useRef(undefined);
  const going = useRef(false);

  useEffect(() => {
    let here = true;
    busy(true);
    drafts.get(key).then((found) => {
      if (!here) return;
      now.current = { ...make(), ...found };
      setValue(now.current);
    });
    return () => {
      here = false;
      busy(false);
    };
  }, [key]);

  // one write after another: an older one can never come to lie over a newer one
  const write = async () => {
    if (going.current) return;
    going.current = true;
    let full = false;
    while (written.current !== now.current) {
      written.current = now.current;
      full = await drafts.put(key, now.current).then(() => false, () => true);
    }
    going.current = false;
    setKept(full ? "full" : true);
  };
  const change = (part) => {
    now.current = { ...now.current, ...(typeof part === "function" ? part(now.current) : part) };
    setValue(now.current);
    setKept(false);
    write();
  };
  return [value, change, kept];
}

/** Where the draft stands, in words. */
export function draftNote(kept) {
  if (kept === "full") return t("This draft could not be kept: the phone is full. Save now, or free some space.");
  return kept ? t("Draft kept on this phone") : t("Keeping the draft");
}
