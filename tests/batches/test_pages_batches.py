"""The pages of batches and of pieces on their way, as the office walks through them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from fieldsales.batches.models import Batch
from fieldsales.collection.models import Action
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests.batches.conftest import batch_method, with_many

Enter = Callable[[str], FlaskClient]


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def actions(program: Program, outcome: str) -> list[Any]:
    a = table_of(Action).c
    with program.store.reading() as connection:
        return list(connection.execute(select(a.id, a.fields, a.grade, a.follows_id).where(a.outcome == outcome)))


def started(program: Program, client: FlaskClient, count: int) -> str:
    """A batch of ``count``, ordered on its page."""
    with_many(program, count)
    shown = page(client, f"/batches/new?look=1&method={batch_method(program).name}&late=30")
    ticked = re.findall(r'name="customer" value="([^"]+)"[^>]* checked', shown)
    assert len(ticked) == count
    form = {"method": batch_method(program).name, "late": "30", "customer": ticked}
    assert client.post("/batches", data=form).status_code == 303
    with program.store.reading() as connection:
        return str(connection.scalar(select(table_of(Batch).c.id)))


def test_chosen_looked_through_made_and_printed(program: Program, log_in: Enter, work_on: Callable[..., int]) -> None:
    client = log_in("manager")
    batch_method(program)
    assert "还没有批量" in page(client, "/batches")
    batch_id = started(program, client, 3)
    assert 'role="status"' in page(client, f"/batches/{batch_id}"), "and its progress"
    work_on(program)
    shown = page(client, f"/batches/{batch_id}")
    assert shown.count("documents/") == 3
    for path in ("print.pdf", *(f"sheets/{name}.pdf" for name in batch_sheets(program))):
        answer = client.get(f"/batches/{batch_id}/{path}")
        assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-"), path
    assert log_in("legal").get(f"/batches/{batch_id}").status_code == 404, "one's own batches alone"
    again = page(client, f"/batches/new?look=1&method={batch_method(program).name}&late=30")
    assert again.count("disabled") == 3, "the last one is on its way: left out, and says why"


def batch_sheets(program: Program) -> list[str]:
    known, method = program.plugins.declared("document_templates"), batch_method(program)
    assert method.batch is not None
    return [name for name in method.batch.sheets if known[name].per == "batch"]


def test_list_page_asks_the_same_of_the_books_for_one_and_for_three(
    program: Program, log_in: Enter, count_queries: Callable[..., Any]
) -> None:
    client, seen = log_in("manager"), []
    name = batch_method(program).name
    for count, first in ((1, 0), (2, 1)):
        with_many(program, count, first)
        with count_queries(program.store.engine) as statements:
            page(client, f"/batches/new?look=1&method={name}&late=30")
        seen.append(len(statements))
    assert seen[0] == seen[1]


def test_numbers_are_typed_a_table_is_taken_in_and_scans_find_their_piece(
    program: Program, log_in: Enter, work_on: Callable[..., int]
) -> None:
    client, method = log_in("manager"), batch_method(program)
    started(program, client, 4)
    work_on(program)
    roots = [row.id for row in actions(program, "made")]
    form = {"method": method.name, "step": "posted", "carrier": "邮政", "day": "2026-03-12",
            **{f"number.{root}": f"EA00{n}CN" for n, root in enumerate(roots[:3])}}
    for _ in range(2):  # sent again by an impatient finger
        assert client.post("/pieces", data=form).status_code == 303
    assert sorted(row.follows_id for row in actions(program, "posted")) == sorted(roots[:3]), (
        "each once, and the fourth row was left empty")
    table = ("邮件号,状态,签收时间,签收人\nEA000CN,已妥投,2026-03-12 09:30,传达室\nEA001CN,退回妥投,2026-03-12,\n"
             "ZZ9,签收,,\nEA002CN,神秘,,\n")
    for _ in range(2):
        sent = {"method": method.name, "file": (io.BytesIO(table.encode("gb18030")), "ems.csv")}
        answer = client.post("/pieces/table", data=sent, content_type="multipart/form-data", follow_redirects=True)
        told = answer.get_data(as_text=True)
        assert "ZZ9" in told
        assert "神秘" in told
    [delivered] = actions(program, "delivered")
    assert (delivered.follows_id, delivered.grade) == (roots[0], "B")
    assert [row.follows_id for row in actions(program, "returned")] == [roots[1]]
    picture = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(picture, "JPEG")
    sent = {"method": method.name, "scan_by": "王会计", "scan_as": "mailroom",
            "files": [(io.BytesIO(picture.getvalue()), name) for name in ("回执_EA000CN.jpg", "别的.jpg")]}
    answer = client.post("/pieces/scans", data=sent, content_type="multipart/form-data", follow_redirects=True)
    assert "别的.jpg" in answer.get_data(as_text=True)
    assert sorted(row.grade for row in actions(program, "delivered")) == ["A", "B"]
