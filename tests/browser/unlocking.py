"""A phone that is not opened by itself, the keys one taps on it, and whoever tries to read it without the PIN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests import cast
from tests.browser.inside import PIN, run, until

Enter = Callable[..., Page]
LOCKED = "已锁定"
CHOOSE = "设置 PIN 码"


def log_in(page: Page, login: str, path: str = "/app") -> Page:
    """Sign in on the office's page, which leads to ``path``."""
    if "/login" not in page.url:
        page.goto("/login?next=" + path)
    page.fill("[name=login]", login)
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**" + path)
    return page


def tap(page: Page, pin: str, button: str) -> None:
    """Tap a PIN on the phone's keys, and the button under them."""
    keys = page.get_by_role("group", name="数字键")
    for digit in pin:
        keys.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name=button, exact=True).click()


def choose_pin(page: Page, pin: str = PIN) -> Page:
    """Set the PIN at the first start."""
    expect(page.get_by_role("heading", name=CHOOSE)).to_be_visible()
    tap(page, pin, "下一步")
    expect(page.get_by_role("heading", name="再输一次")).to_be_visible()
    tap(page, pin, "设好 PIN 码")
    return is_open(page)


def is_open(page: Page) -> Page:
    """Wait until the store is open and the first exchange is over."""
    until(page, "return session.user.value && sync.status.value.lastAt", 20)
    return page


def is_locked(page: Page) -> Page:
    """Wait until the lock screen stands and takes a PIN."""
    expect(page.get_by_role("heading", name=LOCKED)).to_be_visible()
    until(page, "return door.door.value.state === 'locked' && !door.door.value.closing")
    return page


def reopen(context: BrowserContext, page: Page, path: str = "/app") -> Page:
    """Close the app and open it again, cold."""
    page.close()
    again = context.new_page()
    again.goto(path)
    return again


#: Everything that lies in this browser's IndexedDB, as whoever holds the phone can read it: `{keys, texts, records}`.
RAW = """
const keys = [], texts = new Set(), buffers = [], records = [];
const look = (value) => {
  if (value instanceof CryptoKey) keys.push(value);
  else if (value instanceof ArrayBuffer) buffers.push(new Uint8Array(value));
  else if (ArrayBuffer.isView(value)) buffers.push(new Uint8Array(value.buffer));
  else if (value && typeof value === "object") Object.entries(value).forEach(([at, one]) => (texts.add(at), look(one)));
  else texts.add(String(value));
};
for (const { name } of await indexedDB.databases()) {
  const db = await storage.asked(indexedDB.open(name));
  for (const store of db.objectStoreNames) {
    for (const row of await storage.asked(db.transaction(store).objectStore(store).getAll())) {
      if (row.ct) records.push([store, row]);
      else if (row.value?.secret) records.push(["meta", row.value.secret]);
      look(row);
    }
  }
  db.close();
}
Object.entries(localStorage).flat().forEach((one) => texts.add(one));
"""

#: Try each thing found as a key on each sealed record; whoever gets one open has broken in.
BREAK_IN = RAW + """
const attempt = (work) => { try { return work(); } catch { return null; } };
const decoded = (text) => attempt(() => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)));
for (const text of [...texts]) look(attempt(() => JSON.parse(text)));
for (const text of texts) for (const one of [decoded(text), new TextEncoder().encode(text)]) if (one) buffers.push(one);
const candidates = keys.filter((key) => key.algorithm.name === "AES-GCM");
for (const bytes of buffers) {
  for (const part of [bytes, bytes.slice(0, 32), bytes.slice(-32), bytes.slice(0, 16)]) {
    if (![16, 32].includes(part.length)) continue;
    candidates.push(await crypto.subtle.importKey("raw", part, "AES-GCM", false, ["decrypt"]));
  }
}
let opened = 0, signing = keys.filter((key) => key.type === "private").length;
const curve = {name: "ECDSA", namedCurve: "P-256"};
for (const bytes of buffers)
  await crypto.subtle.importKey("pkcs8", bytes, curve, false, ["sign"]).then(() => signing++, () => {});
for (const key of candidates) {
  for (const [store, {id, iv, ct}] of records) {
    const how = {name: "AES-GCM", iv, additionalData: new TextEncoder().encode(store + "/" + id)};
    await crypto.subtle.decrypt(how, key, ct).then(() => opened++, () => {});
  }
}
return {records: records.length, candidates: candidates.length, opened, signing};
"""


def break_in(page: Page) -> Any:
    """What somebody gets who reads the raw database and tries all of it as keys."""
    return run(page, BREAK_IN)
