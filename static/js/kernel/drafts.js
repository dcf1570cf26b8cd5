// What is being written, kept before the camera opens or the page is left.
import { nfc } from "./canonical.js";
import { Locked, asked, read, remove, transact, write } from "./storage.js";

function unlessLocked(error) {
  if (error instanceof Locked) throw error; // an empty form must not be written over the draft
}

export const drafts = {
  put: (key, value) => write("drafts", key, {}, nfc(value)),
  get: (key) => read("drafts", key).catch(unlessLocked), // a damaged draft must not close the form
  remove: (key) => remove("drafts", key),
  keys: () => transact(["drafts"], "readonly", (at) => asked(at("drafts").getAllKeys())),
};
