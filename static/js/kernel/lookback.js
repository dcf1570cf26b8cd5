// Whoever puts a backup back may not tell the server so: the phone looks whether what it took in is still known.
import { takenIn } from "./answers.js";
import { NotOurs, api, serverTime } from "./api.js";
import { blobstates } from "./shelves.js";
import { meta } from "./storage.js";

/** Milliseconds between two looks. */
const PAUSE = 600_000;
/** Ids in one question: an address has its longest, too. */
const ASKED = 50;

let looked = -PAUSE;

/** The server may have forgotten more than it says: look at the next word with it. */
export const lookAgain = () => (looked = -PAUSE);

/**
 * What must be asked for, so that nothing lost goes unseen: all that arrived since the last look, and the newest before it.
 * A restore since then has lost either the end of what was known at that look, or something younger.
 */
function inDoubt(list, since) {
  const before = list.filter((one) => one.at <= since).reduce((newest, one) => (newest?.at >= one.at ? newest : one), undefined);
  return [...list.filter((one) => one.at > since), ...(before ? [before] : [])].map((one) => one.id);
}

async function allKnown(commands, photos) {
  for (let at = 0; at < Math.max(commands.length, photos.length); at += ASKED) {
    const [ids, files] = [commands.slice(at, at + ASKED), photos.slice(at, at + ASKED)];
    const known = await api("GET", `/sync/status?ids=${ids}&photos=${files}`);
    if (!Array.isArray(known.results) || !Array.isArray(known.photos)) throw new NotOurs("not our answer");
    if (known.results.length < ids.length || known.photos.length < files.length) return false;
  }
  return true;
}

/** Whether the server still knows what it answered to; at most one look in ten minutes. @returns {Promise<boolean>} */
export async function stillKnown() {
  if (performance.now() - looked < PAUSE) return true;
  const now = serverTime() - PAUSE; // the phone's idea of the hour may move a little
  const since = (await meta.get("looked")) ?? Infinity;
  const photos = blobstates.value.filter((one) => one.done && !one.lost && one.at);
  const known = await allKnown(inDoubt(await takenIn(), since), inDoubt(photos, since));
  if (known) await meta.put("looked", now);
  looked = performance.now();
  return known;
}
