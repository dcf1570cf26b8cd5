// Records that were saved here and can no longer be read: what their index still says, and how they leave the list.
import { aboutDamaged, asked, damaged, transact } from "./storage.js";

/** Those that had not been sent: `{id, operation, made_at}` (both undefined when the index says nothing). */
export const lostRecords = () =>
  damaged.value.filter((one) => one.startsWith("outbox/")).map((one) => ({ id: one.slice(7), ...aboutDamaged.get(one) }));

/** The person has seen it and written it anew. @param {string} id */
export async function dropDamaged(id) {
  await transact(["outbox"], "readwrite", async (at) => {
    const seq = await asked(at("outbox").index("id").getKey(id));
    if (seq !== undefined) at("outbox").delete(seq);
  });
  damaged.value = damaged.value.filter((one) => one !== "outbox/" + id);
}
