// A full phone: what the office has anyway need not lie here. Nothing that is only on this phone is touched.
import { carried, dropFiles, loadCarried } from "./carried.js";
import { asked, transact } from "./storage.js";

/** Give up copies of the office's papers, and the bytes of photos that have arrived. */
export async function makeRoom() {
  await dropFiles(Object.keys(carried.value ?? (await loadCarried())));
  await transact(["blobs", "blobstate"], "readwrite", async (at) => {
    const there = (await asked(at("blobstate").getAll())).filter((one) => one.done && !one.lost);
    for (const { id } of there) at("blobs").delete(id);
  });
}
