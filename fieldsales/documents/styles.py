"""How our papers look: letterhead, logo, side of the seal. Published ones are numbered files papers are made with."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Connection, func, select

from fieldsales.documents.editions import lay_down
from fieldsales.documents.models import PaperStyle
from fieldsales.documents.papers import Paper
from fieldsales.documents.signs import check_printable, texts_in
from fieldsales.kernel.errors import N_, NotAllowed
from fieldsales.kernel.operation import Command, Id, Sha256, operation
from fieldsales.kernel.text import Line
from fieldsales.store.base import table_of
from fieldsales.store.outbox import job
from fieldsales.store.work import Work

HOME_FOLDER = "paper-styles"
STYLE_TOPIC = "documents.lay_style"
#: A logo that is larger makes every paper heavy.
LOGO_LIMIT = 200_000
_styles = table_of(PaperStyle)


class Style(Command):
    """What may be shaped. ``seal``: on which side of a letter's end the company's seal belongs."""

    letterhead: Annotated[list[Line], Field(max_length=4)] = []
    seal: Literal["left", "right"] = "right"


class PublishStyle(Command):
    """Have new papers made like this. ``logo_sha256``: of a JPEG among the kept bytes."""

    style_id: Id
    style: Style
    logo_sha256: Sha256 | None = None


@dataclass(frozen=True, slots=True)
class Dress:
    """A style ready to be worn: the logo's bytes with it."""

    style: Style
    logo: bytes = b""

    def put_on(self, paper: Paper) -> Paper:
        """The paper with letterhead, logo and side of the seal."""
        logo = base64.b64encode(self.logo).decode()
        return replace(paper, letterhead=list(self.style.letterhead), logo=logo, seal=self.style.seal)


def _admin_only(work: Work, command: Any) -> None:
    if work.actor.role != "admin":
        raise NotAllowed("documents.style_admin", N_("Only the administrator shapes the papers."))


@operation("documents.publish_style", PublishStyle, guard=_admin_only, needs=lambda c: [])
def publish_style(work: Work, command: PublishStyle) -> None:
    """Have papers made from now on with this letterhead, logo and seal. What is sealed stays as it is."""
    check_printable("".join(texts_in(command.style.model_dump())))
    work.insert(PaperStyle, id=command.style_id, style=command.style.model_dump(), logo_sha256=command.logo_sha256,
                by_id=work.actor.user_id, at=work.now)
    work.after(STYLE_TOPIC, {"style_id": command.style_id})


def newest_style(connection: Connection) -> tuple[int, Any]:
    """(how many there have been, the newest row or None)."""
    count = connection.execute(select(func.count()).select_from(_styles)).scalar_one()
    row = connection.execute(select(_styles).order_by(_styles.c.at.desc(), _styles.c.id.desc()).limit(1)).first()
    return int(count), row


@job(STYLE_TOPIC)
def lay_style(program: Any, _payload: dict[str, Any]) -> None:
    """Lay the newest published style where papers find it. Run twice, it is laid once."""
    with program.store.reading() as connection:
        count, row = newest_style(connection)
    if row is None:
        return
    logo = base64.b64encode(program.parts["blobs"].read(row.logo_sha256)).decode() if row.logo_sha256 else ""
    lay_down(program.settings.home / HOME_FOLDER, count, {"style": row.style, "logo": logo})


@cache
def _read(path: Path) -> Dress:
    body = json.loads(path.read_text(encoding="utf-8"))
    return Dress(Style.model_validate(body["style"]), base64.b64decode(body["logo"]))


def worn(home: Path) -> Dress:
    """The style papers are made with now; without one of its own a house's papers are plain."""
    folder = home / HOME_FOLDER
    found = [int(path.stem[1:]) for path in folder.glob("v*.json")] if folder.is_dir() else []
    return _read(folder / f"v{max(found)}.json") if found else Dress(Style())
