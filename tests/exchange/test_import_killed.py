"""An import whose process is killed with SIGKILL, and begun again: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = 6000


@pytest.mark.slow
def test_killed_process_loses_and_doubles_nothing(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    lines = (f"K{n % 300},第{n % 300}号店,D{n},2026-01-05,2026-02-04,{n + 1}.25,{1 if n % 3 == 0 else ''}\n"
             for n in range(ROWS))
    file.write_text("客户编码,客户名称,单据编号,单据日期,到期日,价税合计,已收金额\n" + "".join(lines))
    environment = os.environ | {"FIELDSALES_HOME": str(tmp_path / "home"), "FIELDSALES_DATABASE_URL": ""}
    ask = "import sys; from fieldsales import cli; sys.exit(cli.main(sys.argv[1:]))"
    command = [sys.executable, "-c", ask, "import", "invoices", str(file)]

    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    said = ""
    while "2000 /" not in said:
        line = running.stderr.readline()
        assert line, said
        said += line
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stderr.close()
    database = sqlite3.connect(tmp_path / "home" / "fieldsales.db")
    kept = database.execute("SELECT count(*) FROM invoices").fetchone()[0]
    assert 2000 <= kept < ROWS

    again = json.loads(subprocess.run([*command, "--json"], env=environment, check=True, capture_output=True).stdout)
    assert again["adds_up"]
    assert again["rows"] == {"read": ROWS, "added": ROWS, "already_there": 0, "skipped": 0, "errors": 0}
    total = sum((n + 1) * 100 + 25 for n in range(ROWS))
    assert database.execute("SELECT count(*), sum(total_minor) FROM invoices").fetchone() == (ROWS, total)
    paid = database.execute("SELECT sum(amount_minor), sum(unapplied_minor) FROM payments").fetchone()
    assert paid == (ROWS // 3 * 100, 0)
    assert database.execute("SELECT count(*) FROM imports").fetchone() == (1,)
    assert database.execute(
        "SELECT count(*) FROM (SELECT number FROM invoices GROUP BY number HAVING count(*) > 1)").fetchone() == (0,)
    database.close()
