// What the server told this phone, decrypted in memory, with what is saved here and not yet answered laid over it.
import { batch, computed, signal } from "../../vendor/signals-core.js";
import { setZone } from "./dates.js";
import { asked, damaged, readAll, sealed, transact } from "./storage.js";

/** @type {Map<string, Map<string, any>>} */
const kinds = new Map();
const ticks = new Map();
const cached = new Map();
/** @type {Map<string, {kind: string, id: (payload: any) => string | null, apply: (doc: any, payload: any, command: any) => any}[]>} */
const overlays = new Map();
/** Commands that the pulled docs do not contain yet; shelves.js keeps it. */
export const unanswered = signal(/** @type {any[]} */ ([]));
const ready = signal(false);

const tick = (kind) => ticks.get(kind) ?? ticks.set(kind, signal(0)).get(kind);
const of = (kind) => kinds.get(kind) ?? kinds.set(kind, new Map()).get(kind);

/** How many overlays there are: a lazy screen brings its own after the first docs were drawn. */
const registered = signal(0);

/** Say how a saved command shows on a doc before the server answers. @param {string} operation */
export function overlay(operation, { kind, id, apply }) {
  overlays.set(operation, [...(overlays.get(operation) ?? []), { kind, id, apply }]);
  registered.value++;
}

/** What lies over each doc: `kind/id` → functions, in the order of saving. */
const lying = computed(() => {
  if (!registered.value) return new Map();
  const found = new Map();
  for (const command of unanswered.value) {
    for (const { kind, id, apply } of overlays.get(command.operation) ?? []) {
      const at = kind + "/" + id(command.payload);
      found.set(at, [...(found.get(at) ?? []), (doc) => apply(doc, command.payload, command)]);
    }
  }
  return found;
});

function shown(kind, id, doc) {
  const over = doc && lying.value.get(kind + "/" + id);
  if (!over) return doc;
  return over.reduce((before, apply) => {
    try {
      return apply(before);
    } catch (error) {
      console.error("overlay", error); // one bad overlay must not hide the customer
      return before;
    }
  }, doc);
}

function keep(key, make) {
  if (!cached.has(key)) cached.set(key, computed(make));
  return cached.get(key);
}

export const docs = {
  ready,
  all: (kind) => keep(kind, () => (tick(kind).value, [...of(kind)].map(([id, doc]) => shown(kind, id, doc)))),
  get: (kind, id) => keep(kind + "/" + id, () => (tick(kind).value, shown(kind, id, of(kind).get(id)))),
  one: (kind) => keep(kind + "/", () => docs.all(kind).value[0]),
};

function place(changes) {
  batch(() => {
    for (const { kind, id, doc } of changes) {
      if (doc) of(kind).set(id, doc);
      else of(kind).delete(id);
      if (kind === "settings" && doc?.zone) setZone(doc.zone);
    }
    for (const kind of new Set(changes.map((change) => change.kind))) tick(kind).value++;
  });
}

export const sealDoc = ({ kind, id, rev = null, doc }) => sealed("docs", kind + "/" + id, { kind, rev }, { kind, id, doc });

/** Nothing of anybody in memory: the phone is locked. */
export function forgetDocs() {
  ready.value = false;
  for (const [kind, had] of kinds) had.clear(), tick(kind).value++;
}

/** Read everything on the phone into memory. */
export async function loadDocs() {
  const found = await readAll("docs");
  if (damaged.value.some((one) => one.startsWith("docs/"))) await pullAnew();
  batch(() => {
    for (const [kind, had] of kinds) had.clear(), tick(kind).value++;
    place(found.map(([record, value]) => ({ ...value, doc: value.doc && { ...value.doc, rev: record.index.rev } })));
  });
  ready.value = true;
}

/** What the server told can be told again: from the beginning, at the next pull. */
const pullAnew = () => transact(["meta"], "readwrite", (at) => void (at("meta").put({ id: "cursor", value: "0" }), at("meta").delete("forms")));

/**
 * Take in one page of changes together with the cursor behind it, or nothing of it.
 * A reset forgets what was pulled; forms come by a way of their own and stay.
 * @param {any[]} changes @param {{cursor: string, reset?: boolean}} where
 */
export async function takeIn(changes, { cursor, reset }) {
  const records = await Promise.all(changes.filter((change) => change.doc).map(sealDoc));
  await transact(["docs", "meta"], "readwrite", async (at) => {
    if (reset) for (const id of await asked(at("docs").getAllKeys())) if (!id.startsWith("form/")) at("docs").delete(id);
    for (const change of changes) if (!change.doc) at("docs").delete(change.kind + "/" + change.id);
    for (const record of records) at("docs").put(record);
    at("meta").put({ id: "cursor", value: cursor });
  });
  batch(() => {
    if (reset) for (const [kind, had] of kinds) if (kind !== "form") had.clear(), tick(kind).value++;
    if (reset) damaged.value = damaged.value.filter((one) => !one.startsWith("docs/") || one.startsWith("docs/form/"));
    place(changes.map((change) => ({ ...change, doc: change.doc && { ...change.doc, rev: change.rev } })));
  });
}

/** Docs written by this phone along with a command. */
export const placeLocal = place;
