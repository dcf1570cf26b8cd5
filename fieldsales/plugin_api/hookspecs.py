"""The hooks a plugin may implement. Each is called once, when the program starts.

Few and typed: a hook returns declarations, and the core calls what they declare. Hooks are added,
never changed; one that goes is announced in CHANGELOG.md at least two minor versions before.
"""

from __future__ import annotations

from collections.abc import Iterable

from fieldsales.plugin_api.cards import CardHooks
from fieldsales.plugin_api.clauses import ClauseHooks
from fieldsales.plugin_api.commands import CommandHooks
from fieldsales.plugin_api.compliance import ComplianceHooks
from fieldsales.plugin_api.importers import ImporterHooks
from fieldsales.plugin_api.interest import InterestHooks
from fieldsales.plugin_api.jobs import JobHooks
from fieldsales.plugin_api.markers import hookspec
from fieldsales.plugin_api.metrics import MetricHooks
from fieldsales.plugin_api.notices import NoticeChannel
from fieldsales.plugin_api.observing import ObserverHooks
from fieldsales.plugin_api.panels import PanelHooks
from fieldsales.plugin_api.papers import TemplateHooks
from fieldsales.plugin_api.senders import SenderHooks
from fieldsales.plugin_api.settings import SettingsHooks
from fieldsales.plugin_api.timestamps import TimestampHooks
from fieldsales.plugin_api.types import CollectionMethod, Excuse


class Hooks(
    CardHooks, ClauseHooks, CommandHooks, ComplianceHooks, ImporterHooks, InterestHooks, JobHooks, MetricHooks,
    ObserverHooks, PanelHooks, SenderHooks, SettingsHooks, TemplateHooks, TimestampHooks,
):  # fmt: skip
    """Every hook there is: those of collecting here, the others beside the records they return."""

    @hookspec
    def collection_methods(self) -> Iterable[CollectionMethod]:  # type: ignore[empty-body]
        """Ways of collecting that this plugin brings.

        When: once, as the program starts.
        Returns: CollectionMethod records; a name already taken by another plugin is refused.
        Errors: one bad record fails the whole plugin; others are not affected.
        Since: API 1.

        Example::

            @hookimpl
            def collection_methods():
                return [METHOD]
        """

    @hookspec
    def excuse_codes(self) -> Iterable[Excuse]:  # type: ignore[empty-body]
        """Coded excuses beside the core's own (``plugin_api.excuses``).

        When: once, as the program starts.
        Returns: Excuse records; a code already taken is refused.
        Errors: one bad record fails the whole plugin; others are not affected.
        Since: API 1.

        Example::

            @hookimpl
            def excuse_codes():
                return [Excuse("stocktaking", {"zh": "在盘点", "en": "Stocktaking"},
                               {"zh": "问盘点哪天结束", "en": "Ask when it ends"},
                               asks=({"zh": "盘点结束的日期", "en": "The day it ends"},),
                               facts=("invoice", "promise"))]
        """

    @hookspec
    def notice_channels(self) -> Iterable[NoticeChannel]:  # type: ignore[empty-body]
        """Company messengers whose groups can be told what is due.

        When: once, as the program starts; a channel's ``build`` and ``refusal`` then run in the worker.
        Returns: NoticeChannel records; a name already taken by another plugin is refused.
        Errors: one bad record fails the whole plugin. A ``build`` that raises, hangs or names another
        host sends nothing; the page of reminders says so beside the group.
        Since: API 1.

        Example::

            @hookimpl
            def notice_channels():
                return [NoticeChannel("house_chat", {"zh": "内部聊天", "en": "House chat"},
                                      hosts=("chat.example.com",), build=build)]
        """
