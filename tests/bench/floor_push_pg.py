"""The floor of B1 and B2 on PostgreSQL: a bare Flask handler, one kept connection, raw SQL and a commit."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, jsonify, request

app = Flask(__name__)
db = psycopg.connect(os.environ["FLOOR_DATABASE"])
TURN = threading.Lock()
FOLDER = Path(tempfile.mkdtemp(prefix="floor-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
ROWS = int(os.environ.get("FLOOR_ROWS", "0"))
db.execute("""CREATE TABLE visits (id text PRIMARY KEY, customer_id text, user_id text, purpose text, outcome text,
    made_at text, received_at text, lat text, lon text, said text, persons jsonb, next_step text,
    command_id text UNIQUE)""")
db.execute("CREATE INDEX ON visits (customer_id, made_at)")
db.execute("CREATE INDEX ON visits (user_id, made_at)")
db.execute(f"""INSERT INTO visits SELECT gen_random_uuid()::text, 'c' || (i % 5000), 'u' || (i % 50), 'collect',
    'promised', to_timestamp(1700000000 + i * 20)::text, '', '', '', 'said', '[]', '', gen_random_uuid()::text
    FROM generate_series(1, {ROWS}) AS i""")
db.commit()


@app.post("/push")
def push() -> Any:
    """Insert what came, commit, and answer each by its id."""
    commands = request.get_json()["commands"]
    rows = [(c["payload"]["visit_id"], c["payload"]["customer_id"], "u1", "collect", "not_discussed", c["made_at"], "",
             None, None, c["payload"]["said"], json.dumps(c["payload"]["persons"]), "", c["command_id"])
            for c in commands]
    with TURN, db.cursor() as cursor:
        cursor.executemany(f"INSERT INTO visits VALUES ({', '.join(['%s'] * 13)}) ON CONFLICT DO NOTHING", rows)
        db.commit()
    return jsonify({"results": [{"command_id": c["command_id"], "status": "applied"} for c in commands]})


@app.patch("/photo/<sha256>")
def photo(sha256: str) -> Any:
    """Write the bytes to a file durably, nothing more."""
    with (FOLDER / sha256).open("wb") as file:
        file.write(request.get_data())
        file.flush()
        os.fsync(file.fileno())
    return {"done": True}
