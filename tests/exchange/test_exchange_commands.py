"""``import`` and ``export`` from the command line, as scripts use them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fieldsales.app import create_app
from fieldsales.exchange.commands import export_list, import_ledger
from fieldsales.exchange.tables import read_table

HEAD = "客户编码,客户名称,单据编号,单据日期,到期日,价税合计\n"


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command over a database with the cast; returns (exit code, output)."""
    monkeypatch.setenv("FIELDSALES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIELDSALES_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")

    def command(which: Any, *arguments: str) -> tuple[int, str]:
        found = CliRunner().invoke(which, arguments, catch_exceptions=False,
                                   obj=lambda: create_app().extensions["fieldsales"])
        return found.exit_code, found.stdout

    return command


def ledger(tmp_path: Path, *lines: str, encoding: str = "gb18030") -> str:
    path = tmp_path / "应收.csv"
    path.write_bytes((HEAD + "".join(line + "\n" for line in lines)).encode(encoding))
    return str(path)


def test_dry_run_prints_counts_and_sums_and_writes_nothing(run: Any, tmp_path: Path) -> None:
    file = ledger(tmp_path, "C001,海港,A1,2026-01-05,2026-02-04,100", "C001,海港,A2,2013-02-30,2026-02-04,7")
    for _ in range(2):
        code, out = run(import_ledger, "invoices", file, "--dry-run", "--json")
        told = json.loads(out)
        assert (code, told["dry_run"], told["adds_up"]) == (0, True, True)
        assert told["rows"] == {"read": 2, "added": 1, "already_there": 0, "skipped": 0, "errors": 1}
        assert told["sums"]["CNY"]["read"] == "107.00"
        assert told["sums"]["CNY"]["added"] == "100.00"
        assert told["problems"][0]["row"] == 3
        assert told["problems"][0]["reason"] == "没有“2013-02-30”这一天。"


def test_import_then_again_then_export_round_trip(run: Any, tmp_path: Path) -> None:
    file = ledger(tmp_path, "C001,海港,A1,2026-01-05,2026-02-04,100", "N9,新客户,A2,2026-01-05,2026-02-04,50")
    assert json.loads(run(import_ledger, "invoices", file, "--json")[1])["rows"]["added"] == 2
    assert json.loads(run(import_ledger, "invoices", file, "--json")[1])["rows"]["already_there"] == 2
    for form in ("csv", "xlsx"):
        target = tmp_path / f"out.{form}"
        code, out = run(export_list, "invoices", "--format", form, "-o", str(target), "--json")
        assert (code, json.loads(out)["rows"]) == (0, 2)
        again = json.loads(run(import_ledger, "invoices", str(target), "--json")[1])
        assert (again["rows"]["already_there"], again["rows"]["errors"]) == (2, 0)


def test_ambiguous_date_is_refused_until_the_order_is_told(run: Any, tmp_path: Path) -> None:
    file = ledger(tmp_path, "C001,海港,A1,1/2/2026,3/4/2026,100")
    code, out = run(import_ledger, "invoices", file, "--json")
    assert code == 2
    assert json.loads(out)["error"]["code"] == "exchange.date_order_needed"
    assert json.loads(run(import_ledger, "invoices", file, "--date-order", "dmy", "--json")[1])["rows"]["added"] == 1


def test_error_workbook_is_written(run: Any, tmp_path: Path) -> None:
    file, target = ledger(tmp_path, "C001,海港,,2026-01-05,2026-02-04,100"), tmp_path / "errors.xlsx"
    run(import_ledger, "invoices", file, "--errors", str(target))
    rows = read_table(target.read_bytes()).rows
    assert rows[0][:3] == ["行", "原因", "列"]
    assert rows[1][:3] == [2, "这一行没有单据编号。", "单据编号"]


def test_unknown_mapping_and_broken_file_are_refused_in_words(run: Any, tmp_path: Path) -> None:
    file = ledger(tmp_path, "C001,海港,A1,2026-01-05,2026-02-04,100")
    assert run(import_ledger, "invoices", file, "--mapping", "没有的", "--json")[0] == 2
    broken = tmp_path / "b.xlsx"
    broken.write_bytes(b"PK\x03\x04nothing")
    code, out = run(import_ledger, "invoices", str(broken), "--json")
    assert (code, json.loads(out)["error"]["code"]) == (2, "exchange.excel_broken")
