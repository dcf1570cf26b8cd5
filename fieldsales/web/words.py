"""The reader's language, and its words from one PO fragment a capability."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, request
from flask_babel import Babel, Domain, get_locale

from fieldsales.kernel.sentences import catalog

LOCALES = ("zh", "en")


class _Chinese(Translations):
    def __init__(self, words: dict[str, str]) -> None:
        super().__init__()
        self._catalog: dict[Any, str] = dict(words)
        # Chinese has one plural form: ngettext looks under (msgid, 0)
        self._catalog.update({(msgid, 0): text for msgid, text in words.items()})
        self.plural = lambda n: 0


class _Fragments(Domain):  # type: ignore[misc]
    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        if locale is None or locale.language != "zh":
            return NullTranslations()
        return current_app.extensions.get("fieldsales.words") or _chinese()


@cache
def _chinese() -> Translations:
    return _Chinese(catalog())


def add_words(app: Flask, more: Mapping[str, str]) -> None:
    """Hang plugins' sentences behind the core's: what the core says stays as it says it."""
    app.extensions["fieldsales.words"] = _Chinese({**more, **catalog()}) if more else None


class _Words(Babel):  # type: ignore[misc]
    domain_instance = _Fragments()


def choose() -> str:
    """The person's own language, else the cookie's, else the browser's, else Chinese."""
    actor = g.get("actor")
    if actor is not None and actor.locale in LOCALES:
        return str(actor.locale)
    cookie = request.cookies.get("lang", "")
    return cookie if cookie in LOCALES else request.accept_languages.best_match(LOCALES, "zh")


def init_words(app: Flask) -> None:
    """Give the app its languages."""
    _Words(app, default_locale="zh", locale_selector=choose)
