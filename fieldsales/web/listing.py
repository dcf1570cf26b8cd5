"""Lists and their filters: chips, the next page, the same list as a file."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri


@dataclass(frozen=True, slots=True)
class Chip:
    """A saved filter: its words, where it leads, whether it is on."""

    text: str
    href: str
    on: bool


def address_with(**changes: str | None) -> str:
    """The present address with some arguments changed; None or empty takes one away. Paging starts over."""
    arguments: MultiDict[str, str] = MultiDict(request.args)
    arguments.poplist("after")
    for name, value in changes.items():
        arguments.poplist(name)
        if value:
            arguments.add(name, value)
    query = urlencode(list(arguments.items(multi=True)))
    return iri_to_uri(request.path) + (f"?{query}" if query else "")


def chip_row(argument: str, choices: list[tuple[str, str]], chosen: str) -> tuple[Chip, ...]:
    """One chip a choice (value, words); the chosen one is on. The empty value stands for all."""
    return tuple(Chip(words, address_with(**{argument: value or None}), value == chosen) for value, words in choices)


def asked_for(name: str, most: int = 80) -> str:
    """An argument of the address, without outer space, cut at ``most`` characters."""
    return request.args.get(name, "")[:most].strip()


def export_address(kind: str) -> str:
    """The list being looked at, as a file."""
    query = urlencode([pair for pair in request.args.items(multi=True) if pair[0] != "after"])
    return f"/export/{kind}?{query}" if query else f"/export/{kind}"
