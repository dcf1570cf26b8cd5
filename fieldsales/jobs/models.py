"""Tables of scheduled jobs: when each is due and who runs it, and how its last runs went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class JobState(Base):
    """When a job is due next; ``id`` is ``plugin/job``. ``run_id``: the run that holds the lease."""

    __tablename__ = "job_states"

    id: Mapped[str] = mapped_column(primary_key=True)
    plugin: Mapped[str]
    job: Mapped[str]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    run_id: Mapped[str] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)
    #: when it last ended well
    last_at: Mapped[datetime | None]


class JobRun(Base):
    """One run. ``outcome``: running, done, raised, garbage, too_large, timed_out, crashed, stopped, refused, lost."""

    __tablename__ = "job_runs"

    id: Mapped[str] = mapped_column(primary_key=True)
    plugin: Mapped[str]
    job: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="running")
    error: Mapped[str] = mapped_column(default="")
    #: how many orders it gave, and the lines it wrote for the administrator
    orders: Mapped[int] = mapped_column(default=0)
    lines: Mapped[list[str]] = mapped_column(JSON, default=list)

    __table_args__ = (Index("ix_job_runs_job", "plugin", "job", "started_at"),)
