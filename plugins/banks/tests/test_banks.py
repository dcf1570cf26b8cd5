"""What banks hand out: every line accounted for, hostile files refused in words, unknown ones left to the mapper."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest

from fieldsales.plugin_api import FileRead, Unreadable
from fieldsales.plugin_api.filechild import heard, written
from fieldsales.plugin_api.importers import file_read

from .. import IMPORTERS
from .files import ALIPAY, CAMT, CMB, LAUGHS, MT940

BY_NAME = {one.name: one for one in IMPORTERS}
FILES = {"camt053": CAMT, "mt940": MT940, "cmb_csv": CMB.encode("gbk"), "alipay_csv": ALIPAY.encode("gb18030")}


def read(name: str, data: bytes) -> FileRead:
    one = BY_NAME[name]
    found = file_read(one.read(data, {}), one)
    assert heard(written(found), one) == found  # as it comes back from the process it is read in
    return found


@pytest.mark.parametrize("name", FILES)
def test_file_is_known_by_its_own_reader_alone(name: str) -> None:
    knows = [one.name for one in IMPORTERS if one.recognises("statement.txt", FILES[name][:8192])]
    assert knows == [name]


@pytest.mark.parametrize("data", [b"", b"\x00" * 100, b"PK\x03\x04", "客户,金额,日期\n海港,5,2026-03-01\n".encode(),
                                  b"<html></html>", b"\xff\xfe\x00"])  # fmt: skip
def test_unknown_file_is_nobodys(data: bytes) -> None:
    assert not any(one.recognises("x.csv", data) for one in IMPORTERS)


def test_camt_entries_become_payments_by_transaction() -> None:
    found = read("camt053", CAMT)
    assert [(one.payer, one.amount, one.received_on, one.key) for one in found.rows] == [
        ("海港五金有限公司", Decimal("50000.00"), date(2026, 3, 12), "B001"),
        ("大江商贸", Decimal("15000.00"), date(2026, 3, 12), "B002"),
        ("红叶建材", Decimal("25000.00"), date(2026, 3, 12), "B002#2")]
    assert found.rows[0].reference == "货款 XS-1 三月"
    assert len(found.passed) == 1  # what went out
    assert len(found.problems) == 2  # without a day; a negative amount
    assert "90100.00" in found.notes[1]["zh"]


@pytest.mark.parametrize("data", [LAUGHS, LAUGHS.replace(b"<!ENTITY lol", b'<!ENTITY x SYSTEM "file:///etc/passwd">'
                                                         b"<!ENTITY lol")])  # fmt: skip
def test_camt_with_entities_is_refused_before_they_grow(data: bytes) -> None:
    begun = time.monotonic()
    with pytest.raises(Unreadable, match="document type"):
        read("camt053", data)
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("data", [CAMT[:700], CAMT.replace(b"</Ntry>", b"", 1), b"<a>" * 5000])
def test_camt_that_breaks_off_says_where(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read("camt053", data)


def test_camt_whose_parts_do_not_add_up_is_a_problem_of_the_line() -> None:
    found = read("camt053", CAMT.replace(b">25000.00<", b">25000.01<"))
    assert [one.payer for one in found.rows] == ["海港五金有限公司"]
    assert len(found.problems) == 3


def test_mt940_movements_with_their_words() -> None:
    found = read("mt940", MT940)
    assert [(one.payer, str(one.amount), one.key) for one in found.rows] == [
        ("海港五金有限公司", "50000.00", "12020210/0990/B001"), ("River Trading", "12.5", "")]
    assert found.rows[0].reference == "货款 XS-1 三月"
    assert (len(found.passed), len(found.problems)) == (1, 1)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig"])
def test_cmb_in_every_encoding_of_the_trade(encoding: str) -> None:
    found = read("cmb_csv", CMB.encode(encoding))
    assert [(one.line, one.payer, str(one.amount), one.received_on, one.key) for one in found.rows] == [
        (3, "海港五金有限公司", "50000.00", date(2026, 3, 12), "C001")]
    assert found.passed == (4,)
    assert [one.line for one in found.problems] == [5, 6, 7]  # negative, no amount, no such day


def test_alipay_money_that_came_in_with_the_name_before_the_account() -> None:
    [row] = read("alipay_csv", ALIPAY.encode("gb18030")).rows
    assert (row.payer, str(row.amount), row.key, row.reference) == ("海港五金有限公司", "2274.00", "9001", "门锁货款")


@pytest.mark.parametrize("name", ["cmb_csv", "mt940"])
def test_bytes_that_are_no_text_are_refused_in_words(name: str) -> None:
    with pytest.raises(Unreadable):
        read(name, b"\xff\xff\x81" * 50)


def test_ten_thousand_entries_are_read_in_good_time() -> None:
    entry = CAMT[CAMT.index(b"<Ntry>"):CAMT.index(b"</Ntry>") + 7]
    begun = time.monotonic()
    found = read("camt053", CAMT.replace(entry, entry * 10_000))
    assert len(found.rows) == 10_002
    assert time.monotonic() - begun < 10
