// Saving one thing about a month: the draft goes with it, the words follow its way.
import { save } from "../kernel/outbox.js";
import { settled } from "../parts/draft.js";
import { saySaved, saveTrouble } from "../parts/saved.js";
import "./pending.js";

/** Saves a command; resolves to "" or to why it could not be. `more`: blobs, draft. */
export async function keep(operation, entityId, payload, words, more = {}) {
  try {
    if (more.draft) await settled(more.draft);
    const saved = await save({ operation, payload, entity_id: entityId, ...more });
    saySaved(words, saved.command_id);
    return "";
  } catch (error) {
    return saveTrouble(error);
  }
}
