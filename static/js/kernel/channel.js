// One voice for all tabs of the same user.
/** @type {BroadcastChannel | null} */
let channel = null;
const listeners = new Map();

/** @param {string} userId */
export function openChannel(userId) {
  channel?.close();
  channel = new BroadcastChannel("fieldsales-" + userId);
  channel.onmessage = ({ data }) => listeners.get(data.type)?.forEach((listener) => listener(data));
}

/** Tell the other tabs. @param {string} type */
export function tell(type, more = {}) {
  channel?.postMessage({ type, ...more });
}

/** @param {string} type @param {(message: any) => void} listener */
export function hear(type, listener) {
  listeners.set(type, [...(listeners.get(type) ?? []), listener]);
}
