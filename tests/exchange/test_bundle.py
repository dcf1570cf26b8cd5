"""The evidence bundle: checked by the steps it brings, with stock tools alone; it holds nothing the house thinks."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from fieldsales import worker
from fieldsales.documents import jobs
from fieldsales.documents.keeping import keep
from fieldsales.exchange.bundles import bundles_of
from fieldsales.kernel.errors import NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Envelope
from fieldsales.plans.models import Plan
from fieldsales.web.here import Program
from fieldsales.workday.night import run_night
from tests import cast
from tests.collection.conftest import rows, with_debt
from tests.documents.authority import Authority, serving
from tests.house import canaries
from tests.plans.signing import DEVICE, command, enrol, plan

TOOLS = ("sha256sum", "pdfsig", "openssl", "qpdf", "exiftool", "bash", "head", "tail", "cut", "cat", "grep")
Made = tuple[Flask, Program, bytes]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """Whoever tells the time and gives out certificates."""
    with serving(tmp_path_factory.mktemp("authority")) as running:
        yield running


def worked_off(program: Program) -> None:
    """Let the worker do all that is due."""
    while worker.run_once(program):
        continue


def photo() -> bytes:
    """A photo as a camera writes it, with its own record in it."""
    target, record = io.BytesIO(), Image.Exif()
    record[0x010F], record[0x0132] = "Camera of Wang", "2026:03:12 11:58:00"
    Image.new("RGB", (64, 48), "white").save(target, "JPEG", exif=record)
    return target.getvalue()


@pytest.fixture
def made(authority: Authority, make_app: Callable[..., Flask], main_url: str) -> Made:
    """A signed, countersigned, stamped plan with a photo of the stamped copy; its bundle."""
    jobs.breakers = jobs.Breakers()
    app = make_app(
        main_url, signer_p12=authority.sealing_key(), signer_password="test", production=True, tsa_urls=authority.url,
        tsa_roots=authority.folder / "root.pem", tsa_timeout_s=5, public_url="https://papers.example")
    program = with_debt(app)
    enrol(program)
    program.dispatcher.note(lambda connection: canaries._words(
        connection, {"customer_id": cast.HARBOUR}, {"currency": "CNY"}))
    envelope = Envelope(uuid7(), "plans.sign_plan", command(plan()), device_id=DEVICE)
    assert [one.status for one in program.dispatcher.perform_batch(cast.REP, [envelope])] == ["applied"]
    signed = rows(program, Plan)[0]
    original = keep(program.dispatcher, program.parts["blobs"], photo(), "image/jpeg", cast.NOON)
    program.dispatcher.perform(cast.REP, "plans.attach_stamped_copy", {
        "revision_id": uuid7(), "plan_id": signed["id"], "customer_id": cast.HARBOUR, "sha256": original, "size": 900})
    worked_off(program)
    program.dispatcher.perform(cast.LEGAL, "documents.countersign", {
        "document_id": signed["document_id"], "customer_id": cast.HARBOUR})
    worked_off(program)
    run_night(program.dispatcher)
    worked_off(program)
    return app, program, ordered(app, program, signed["id"])


def ordered(app: Flask, program: Program, plan_id: str) -> bytes:
    """Order a bundle on its page as the legal clerk, let the worker pack it, and fetch it."""
    client = app.test_client()
    client.post("/login", data={"login": "legal", "password": cast.PASSWORD})
    assert f"/plans/{plan_id}/bundles" in client.get(f"/plans/{plan_id}").get_data(as_text=True)
    assert client.post(f"/plans/{plan_id}/bundles", data={"command_id": uuid7()}).status_code == 303
    worked_off(program)
    with program.store.reading() as connection:
        newest = max(bundles_of(connection, plan_id), key=lambda one: one.id)
    assert f"/bundles/{newest.id}.zip" in client.get(f"/plans/{plan_id}/bundles").get_data(as_text=True)
    answer = client.get(f"/bundles/{newest.id}.zip")
    assert (answer.status_code, hashlib.sha256(answer.data).hexdigest()) == (200, newest.sha256)
    return answer.data


def unpacked(content: bytes, folder: Path) -> Path:
    """The bundle as a folder."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def steps(folder: Path) -> list[str]:
    """The commands of VERIFY.md, block by block."""
    return re.findall(r"```bash\n(.*?)```", (folder / "VERIFY.md").read_text(encoding="utf-8"), re.DOTALL)


def carried_out(folder: Path, tools: Path) -> list[int]:
    """Exit codes of the steps, with nothing on the path but the tools the guide names and a shell's own."""
    if not tools.is_dir():
        tools.mkdir()
        for name in TOOLS:
            found = shutil.which(name)
            assert found, name
            (tools / name).symlink_to(found)
    return [subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=folder, env={"PATH": str(tools)},
                           capture_output=True, check=False).returncode for block in steps(folder)]


def summed_anew(folder: Path) -> None:
    """What a forger would do: sums that fit what he has changed."""
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    names = [line.split("  ", 1)[1] for line in lines]
    sums = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (folder / "SHA256SUMS").write_text("".join(sums))


def holds_nothing_of_what_the_house_thinks(folder: Path) -> None:
    """The customer's note, visits, promises, claims, tasks and supply decisions carry a canary; it is nowhere."""
    looked = 0
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if path.suffix == ".pdf":
            content += subprocess.run(["qpdf", "--qdf", "--object-streams=disable", path, "-"], capture_output=True,
                                      check=False).stdout
        assert canaries.CANARY.encode() not in content, path.name
        assert not re.search(rb'"(class|klass|ask|asks|score|coaching|segment|priority)"', content), path.name
        assert not re.search("(bad|good)_faith|恶意|善意".encode(), content), path.name
        looked += 1
    assert looked > 20


def test_bundle_is_checked_by_its_own_steps_and_a_forged_one_is_not(made: Made, tmp_path: Path) -> None:
    folder = unpacked(made[2], tmp_path / "bundle")
    tools = tmp_path / "tools"
    holds_nothing_of_what_the_house_thinks(folder)
    codes = carried_out(folder, tools)
    assert codes == [0] * 9
    # the photo is the very bytes that came, with the camera's own record
    [original] = [path for path in (folder / "originals").iterdir() if path.suffix == ".jpg"]
    assert original.read_bytes() == photo()
    index = (folder / "INDEX.md").read_text(encoding="utf-8")
    assert all(f"| {path} |" in index for path in (str(one.relative_to(folder)) for one in folder.rglob("*.pdf")))
    forgeries: dict[str, Callable[[bytes], bytes]] = {
        "log/chain.txt": lambda content: content.replace(b" applied ", b" refused ", 1),
        next(str(path.relative_to(folder)) for path in folder.rglob("manifest.json")):
            lambda content: content.replace(b'"v":', b'"w":'),
        next(str(path.relative_to(folder)) for path in folder.rglob("revision-1-*.pdf")):
            lambda content: content[:400] + bytes([content[400] ^ 1]) + content[401:],
        next(str(path.relative_to(folder)) for path in folder.rglob("receipt.json")):
            lambda content: content.replace(b'"v":1', b'"v":2'),
    }
    for name, forge in forgeries.items():
        before = (folder / name).read_bytes()
        assert forge(before) != before
        (folder / name).write_bytes(forge(before))
        summed_anew(folder)
        assert any(carried_out(folder, tools)), name
        (folder / name).write_bytes(before)
    summed_anew(folder)
    assert not any(carried_out(folder, tools))


def test_same_state_gives_the_same_bytes_and_only_to_those_who_keep_cases(made: Made) -> None:
    app, program, first = made
    plan_id = rows(program, Plan)[0]["id"]
    assert ordered(app, program, plan_id) == first
    with program.store.reading() as connection:
        bundle_id = bundles_of(connection, plan_id)[0].id
    for login, status in {"rep": 403, "finance": 403, "other_manager": 404, "manager": 200, "admin": 200}.items():
        client = app.test_client()
        client.post("/login", data={"login": login, "password": cast.PASSWORD})
        assert client.get(f"/bundles/{bundle_id}.zip").status_code == status, login
        assert client.get(f"/plans/{plan_id}/bundles").status_code == status, login
    order = {"bundle_id": uuid7(), "plan_id": plan_id, "customer_id": cast.HARBOUR}
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(cast.REP, "exchange.order_bundle", order)
    done: dict[str, Any] = {"bundle_id": bundle_id, "sha256": "a" * 64, "size": 1}
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(cast.ADMIN, "exchange.record_bundle", done)
