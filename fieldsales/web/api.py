"""What an API route says of itself; ``sync.openapi`` collects it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class ApiDoc:
    """An API route's shape. ``body``/``answer``: models; ``raw``: the media type of a body that is not JSON.

    ``query`` and ``headers``: name → description. ``also``: further status codes → what they mean.
    """

    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    raw: str = ""
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    also: dict[int, str] = field(default_factory=dict)
    file: bool = False


def api_doc(**shape: Any) -> Callable[[View], View]:
    """Say what the view below takes and gives; its docstring is the description."""

    def declare(view: View) -> View:
        view.api_doc = ApiDoc(**shape)  # type: ignore[attr-defined]
        return view

    return declare
