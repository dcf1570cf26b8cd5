// Pictures handed over by another app: the service worker put them aside, the app takes them in at once and keeps no copy there.
import { StorageFull } from "./storage.js";

const CACHE = "fieldsales-shared"; // sw.js writes it, under the same name

/** Take out what was put aside: `take(file)` for each, and only what it has taken is deleted. Resolves to what could not be taken. @param {(file: File) => Promise<unknown>} take */
export async function takeShared(take) {
  if (!globalThis.caches || !(await caches.has(CACHE))) return 0;
  const cache = await caches.open(CACHE);
  let refused = 0;
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    const bytes = await kept.arrayBuffer();
    try {
      await take(new File([bytes], "slip", { type: kept.headers.get("Content-Type") ?? "" }));
    } catch (error) {
      if (error instanceof StorageFull) throw error; // it stays until there is room
      refused += 1;
    }
    await cache.delete(request);
  }
  await caches.delete(CACHE);
  return refused;
}
