"""Former codes 曾用代码: what was renamed in the program keeps its old name in regimes, entries, facts and wordings.

Nothing stored is rewritten: whoever reads it asks here what its code is called now, or by which names it may stand.
"""

from __future__ import annotations

from typing import Literal, get_args

CodeKind = Literal["acts", "facts", "papers", "parameters"]
"""What can be renamed. Acts are named with their matter: ``tasks.confirm``. No other code is ever renamed."""

_NOW: dict[tuple[str, str], str] = {}


def renamed(kind: CodeKind, former: str, now: str) -> None:
    """Declare that a code was renamed. Raises ``ValueError`` where that makes a circle, or the former name has one already.

    An act stays with its matter.
    """
    if kind not in get_args(CodeKind):
        raise ValueError(f"codes of {kind} are not renamed")
    if (kind, former) in _NOW or current(kind, now) == former:
        raise ValueError(f"{former} was renamed already")
    if kind == "acts" and former.partition(".")[0] != now.partition(".")[0]:
        raise ValueError(f"{former} can't become an act of another matter")
    _NOW[kind, former] = now


def current(kind: str, code: str) -> str:
    """What a stored code is called now; itself where it was not renamed."""
    while (kind, code) in _NOW:
        code = _NOW[kind, code]
    return code


def act_of(matter: str, name: str) -> str:
    """What the act of a matter is called now that a row or an entry names."""
    return current("acts", f"{matter}.{name}").rpartition(".")[2]


def act_names(matter: str, name: str) -> tuple[str, ...]:
    """The names under which an act stands in rows and entries of its matter."""
    return tuple(code.rpartition(".")[2] for code in names("acts", f"{matter}.{name}"))


def names(kind: CodeKind, code: str) -> tuple[str, ...]:
    """The names under which a code may be stored: its own, then the former ones."""
    return (code, *(former for (of, former) in _NOW if of == kind and current(kind, former) == code))
