// One voice for all tabs of the same user.
/** @type {BroadcastChannel | null} */
let channel = null;
const listeners = new Map();

/** @param {string} userId */
export function openChannel(userId) {
  channel?.close();
  channel = globalThis.BroadcastChannel ? new BroadcastChannel("fieldsales-" + userId) : null; // iOS before 15.4: each tab for itself
  if (!channel) return;
  channel.onmessage = ({ data }) => listeners.get(data.type)?.forEach((listener) => listener(data));
}

/** A locked tab neither hears nor speaks. */
export function closeChannel() {
  channel?.close();
  channel = null;
}

/** Tell the other tabs. @param {string} type */
export function tell(type, more = {}) {
  channel?.postMessage({ type, ...more });
}

/** @param {string} type @param {(message: any) => void} listener */
export function hear(type, listener) {
  listeners.set(type, [...(listeners.get(type) ?? []), listener]);
}
