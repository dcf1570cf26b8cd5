// Coming back to a long list finds it where one left it; going to it anew begins at its head.
import { useEffect } from "../kernel/ui.js";

const places = new Map();
let returned = false;

addEventListener("popstate", () => (returned = true));

/** Keeps where the list stood, under its name, and goes there again after "back". */
export function usePlace(name) {
  useEffect(() => {
    if (returned) scrollTo(0, places.get(name) ?? 0);
    returned = false;
    const own = location.pathname;
    // going elsewhere scrolls to the head before this list is taken away
    const note = () => location.pathname === own && places.set(name, scrollY);
    addEventListener("scroll", note, { passive: true });
    return () => removeEventListener("scroll", note);
  }, []);
}
