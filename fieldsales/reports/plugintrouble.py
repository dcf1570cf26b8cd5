"""What ails a plugin, in words for an administrator who is no programmer: what happened, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldsales.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Trouble:
    """``said``: what happened; ``todo``: what to do about it; both to be filled with ``params``."""

    said: str
    todo: str
    params: Mapping[str, str] = field(default_factory=dict)


AUTHOR = N_("Send its author the line below.")
#: Of one that could not be loaded: the first pattern that fits its error.
_LOADING: tuple[tuple[str, str, str], ...] = (
    (r"No module named '(?P<what>[\w.]+)'", N_("A component it needs is not installed: %(what)s"),
     N_("Have it installed on the server, then press “Load again”.")),
    (r"no answer within", N_("It did not answer while it was being loaded."),
     N_("Try “Load again”; if that does not help, switch it off and ask its author.")),
    (r"another plugin has this name|is taken already", N_("Another plugin has the same name, or brings the same."),
     N_("Switch one of the two off.")),
    (r"needs version (?P<what>\d+) of the plugin API", N_("It was made for a newer version of this program."),
     N_("Renew the program, or take an older version of the plugin.")),
    (r"SyntaxError|IndentationError|TOML|line \d+", N_("Its file cannot be read: something is written wrongly in it."),
     AUTHOR),
    (r"PermissionError|FileNotFoundError", N_("A file it needs is not there, or may not be read."),
     N_("Have its files put in place again, then press “Load again”.")),
    (r"", N_("It is not made as this program expects."), AUTHOR),
)  # fmt: skip
#: Of one at work, by why its last call failed.
_AT_WORK: Mapping[str, tuple[str, str]] = {
    "raised": (N_("It failed while it was at work. What was to be recorded is on record without its judgement."),
               N_("Once is no harm. If it happens again, send its author the line below.")),
    "garbage": (N_("It answered what it may not; that was not used."), AUTHOR),
    "hung": (N_("It once did not answer in time."), N_("It answers again. Nothing needs to be done.")),
    "timed_out": (N_("A scheduled job of it took too long and was ended."),
                  N_("It is tried again by itself; see “Scheduled jobs”.")),
    "": (N_("A scheduled job of it failed."), N_("It is tried again by itself; see “Scheduled jobs”.")),
}  # fmt: skip
_ASIDE = N_("It did not answer in time, so nobody asks it for the moment. What waits for it is kept.")
_ASIDE_TODO = N_("It is asked again by itself at %(until)s. You can press “Resume” before that.")
_STAYS_TODO = N_("It hung several times in a row and waits until you press “Resume”. Ask who runs the server first.")


def trouble(state: str, why: str, error: str, until: str) -> Trouble | None:
    """What ails a plugin in ``state`` whose last failure was ``why`` with the words ``error``; None: nothing does.

    ``until``: when one set aside is asked again, "" for not by itself.
    """
    if state == "suspended":
        return Trouble(_ASIDE, _ASIDE_TODO if until else _STAYS_TODO, {"until": until})
    if state == "failed":
        found, said, todo = next((found, said, todo) for pattern, said, todo in _LOADING
                                 if (found := re.search(pattern, error)))
        return Trouble(said, todo, {name: str(one) for name, one in found.groupdict().items()})
    if state == "disabled" or not error:
        return None
    return Trouble(*_AT_WORK.get(why or "raised", _AT_WORK[""]))
