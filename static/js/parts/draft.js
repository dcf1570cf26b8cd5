// A draft: every change is kept on the phone as it is made, so a closed page, a call or the camera loses nothing.
import { useEffect, useRef, useState } from "../kernel/ui.js";
import { drafts } from "../kernel/drafts.js";
import { busy } from "../kernel/worker.js";

/**
 * `[value, change, kept]`: the draft (undefined until it has been looked up), `change(part)` merges and keeps,
 * `kept` is true once the last change is on the phone. Writes follow one another; the newest wins.
 */
export function useDraft(key, make) {
  const [value, setValue] = useState(undefined);
  const [kept, setKept] = useState(true);
  const now = useRef(undefined);
  const writing = useRef(null);

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

  const write = async () => {
    while (writing.current !== now.current) {
      writing.current = now.current;
      await drafts.put(key, now.current).catch(() => {});
    }
    setKept(true);
  };
  const change = (part) => {
    const idle = writing.current === now.current || writing.current === null;
    now.current = { ...now.current, ...(typeof part === "function" ? part(now.current) : part) };
    setValue(now.current);
    setKept(false);
    if (idle) write();
  };
  return [value, change, kept];
}
