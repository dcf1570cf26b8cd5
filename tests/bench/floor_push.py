"""The floor of B1 and B2: a bare Flask handler that inserts visits by raw SQL and commits, nothing more."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sqlite3
import tempfile
import threading
from pathlib import Path
from typing import Any

from flask import Flask, jsonify, request

app = Flask(__name__)
db = sqlite3.connect(os.environ.get("FLOOR_DATABASE", ":memory:"), check_same_thread=False, isolation_level=None)
db.executescript("""
    PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;
    CREATE TABLE visits (id TEXT PRIMARY KEY, customer_id TEXT, user_id TEXT, purpose TEXT, outcome TEXT, made_at TEXT,
        received_at TEXT, lat TEXT, lon TEXT, said TEXT, persons TEXT, next_step TEXT, command_id TEXT UNIQUE);
    CREATE INDEX visits_customer ON visits (customer_id, made_at);
    CREATE INDEX visits_user ON visits (user_id, made_at);
""")
TURN = threading.Lock()
FOLDER = Path(tempfile.mkdtemp(prefix="floor-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
ROWS = int(os.environ.get("FLOOR_ROWS", "0"))
db.executescript(f"""
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
    INSERT INTO visits SELECT hex(randomblob(16)), 'c' || (i % 5000), 'u' || (i % 50), 'collect', 'promised',
        datetime(1700000000 + i * 20, 'unixepoch'), '', '', '', 'said', '[]', '', hex(randomblob(16))
    FROM n WHERE {ROWS} > 0;
    PRAGMA wal_checkpoint(TRUNCATE);
""")


@app.post("/push")
def push() -> Any:
    """Insert what came, commit, and answer each by its id."""
    commands = request.get_json()["commands"]
    results = []
    with TURN:
        db.execute("BEGIN IMMEDIATE")
        for command in commands:
            given = command["payload"]
            done = db.execute(
                "INSERT INTO visits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (given["visit_id"], given["customer_id"], "u1", "collect", "not_discussed", command["made_at"], "",
                 None, None, given["said"], json.dumps(given["persons"]), "", command["command_id"])).rowcount
            results.append({"command_id": command["command_id"], "status": "applied", "duplicate": not done})
        db.execute("COMMIT")
    return jsonify({"results": results})


@app.patch("/photo/<sha256>")
def photo(sha256: str) -> Any:
    """Write the bytes to a file durably, nothing more."""
    with (FOLDER / sha256).open("wb") as file:
        file.write(request.get_data())
        file.flush()
        os.fsync(file.fileno())
    return {"done": True}


@app.get("/page")
def bare_page() -> str:
    """The floor of B12: a page with nothing in it."""
    return "<!doctype html><title>floor</title><main><h1>floor</h1></main>"
