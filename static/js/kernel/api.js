// Talking to the server. Only JSON from fieldsales counts as an answer.

/** No network, or not our server's answer. */
export class Offline extends Error {}

/** The server said no. */
export class ApiError extends Error {
  constructor(status, body) {
    const { code = "", text = "" } = body?.error ?? {};
    super(text || code || String(status));
    this.status = status;
    this.code = code;
    this.text = text;
    this.body = body ?? {};
  }
}

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
      redirect: "error", // a captive portal redirects
      signal: clock.signal,
    });
    return { answer, content: await answer.arrayBuffer() };
  } catch (error) {
    throw new Offline(error.message);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} method @param {string} path below /api/v1 @param {any} [body] @param {any} [more] @returns {Promise<any>} */
export async function api(method, path, body, more = {}) {
  const { answer, content } = await ask(method, "/api/v1" + path, { body, ...more });
  let json;
  try {
    json = JSON.parse(new TextDecoder().decode(content));
  } catch {
    if (answer.ok || answer.status < 400) throw new Offline("not our answer");
  }
  if (!answer.ok) throw new ApiError(answer.status, json);
  return json;
}

/** A file, whole. @param {string} path */
export async function fetchBytes(path) {
  const { answer, content } = await ask("GET", path);
  if (!answer.ok) throw new ApiError(answer.status, null);
  return { bytes: content, mime: answer.headers.get("Content-Type") ?? "application/octet-stream" };
}

