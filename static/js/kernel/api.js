// Talking to the server. Only JSON from fieldsales counts as an answer.

/** No network, or not our server's answer. */
export class Offline extends Error {}

/** Somebody answered, but not our server: the sign-in page of a hotel's network. */
export class NotOurs extends Offline {}

/** The server said no. `ours`: fieldsales itself said it, not a proxy before it; `after`: seconds it asks to be left alone. */
export class ApiError extends Error {
  constructor(status, body, after = 0) {
    const { code = "", text = "" } = body?.error ?? {};
    super(text || code || String(status));
    this.status = status;
    this.code = code;
    this.text = text;
    this.body = body ?? {};
    this.ours = Boolean(code);
    this.after = after;
  }
}

// what a proxy before the server may say in its own words; anything else without ours is another's network speaking
const proxies = new Set([408, 413, 429]);

// a phone's clock may stand anywhere: what is kept for 30 days is kept for 30 days of the server
let ahead = 0;
/** The server says what time it is. @param {string} now */
export const tellTime = (now) => void (ahead = (Date.parse(now) || Date.now()) - Date.now());
/** What time it is there, in milliseconds. */
export const serverTime = () => Date.now() + ahead;

let device = "";

/** The device's id goes along with each request. @param {string} id */
export const nameDevice = (id) => (device = id);

/** @param {string} method @param {string} path @param {any} [more] */
async function ask(method, path, { body, bytes, headers = {}, timeout = 30000 } = {}) {
  const asking = { "X-Fieldsales": "1", ...(device && { "X-Fieldsales-Device": device }), ...headers };
  if (body !== undefined) asking["Content-Type"] = "application/json";
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), timeout);
  try {
    const answer = await fetch(path, {
      method,
      headers: asking,
      body: bytes ?? (body === undefined ? undefined : JSON.stringify(body)),
      cache: "no-store",
      credentials: "same-origin",
      redirect: "manual", // a captive portal redirects
      signal: clock.signal,
    });
    if (answer.type === "opaqueredirect") throw new NotOurs("redirected");
    return { answer, content: await answer.arrayBuffer() };
  } catch (error) {
    throw error instanceof Offline ? error : new Offline(error.message);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} method @param {string} path below /api/v1 @param {any} [body] @param {any} [more] @returns {Promise<any>} */
export async function api(method, path, body, more = {}) {
  const { answer, content } = await ask(method, "/api/v1" + path, { body, ...more });
  let json = null;
  try {
    if (answer.status !== 204) json = JSON.parse(new TextDecoder().decode(content));
  } catch {
    if (answer.status < 500 && !proxies.has(answer.status)) throw new NotOurs("not our answer");
  }
  if (!answer.ok) throw new ApiError(answer.status, json, Number(answer.headers.get("Retry-After")) || 0);
  return json;
}

/** A file, whole; `pages`: how many the paper has of which this is one. @param {string} path */
export async function fetchBytes(path) {
  const { answer, content } = await ask("GET", path);
  if (!answer.ok) throw new ApiError(answer.status, null);
  if (answer.headers.get("Content-Type")?.startsWith("text/html")) throw new NotOurs("a page instead of the file");
  return { bytes: content, mime: answer.headers.get("Content-Type") ?? "application/octet-stream", pages: Number(answer.headers.get("X-Pages") ?? 0) };
}

