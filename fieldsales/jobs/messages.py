"""Commands of scheduled jobs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from fieldsales.kernel.operation import Command, Id

PluginName = Annotated[str, Field(max_length=80)]


class RecordOrder(BaseModel):
    """One record to keep, or with ``body`` None to forget."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[str, Field(max_length=40)]
    key: Annotated[str, Field(max_length=120)]
    body: dict[str, Any] | None = None
    was: int | None = None


class KeepForJob(Command):
    """What a job wants its plugin to remember of a customer, or of the whole house (by the system)."""

    plugin: PluginName
    customer_id: Id | None = None
    records: Annotated[list[RecordOrder], Field(max_length=500)]


class RunJobNow(Command):
    """Run a job at the next pulse of the worker, whatever its hour (an administrator)."""

    plugin: PluginName
    job: Annotated[str, Field(max_length=40)]
