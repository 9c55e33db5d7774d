"""The four refusals 拒绝 every face knows: not there, barred, invalid, overtaken.

A refusal carries words for its reader: what stands in the way and what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.text.words import Words

OVERTAKEN = _("Someone else acted on this matter just before you; nothing of yours was stored.")
LOOK_AGAIN = _("Open it again, see what changed, and decide anew.")


@dataclass(frozen=True)
class Ground:
    """One of several things that stand in the way at once 依据: what it is, and the clause it rests on."""

    reason: Words
    clause: str = ""


class Refusal(Exception):
    """An act or a reading that did not happen.

    ``status`` is the HTTP status of the faces; ``code`` is stable for programs.
    """

    status = 400
    code = "refused"

    def __init__(self, reason: Words, clause: str = "", remedy: Words = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.clause = clause
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.reason), str(self.remedy)) if part)


class NotFound(Refusal):
    """Not there, or not the actor's to see: the same words for both 不存在或无权知悉."""

    status = 404
    code = "not_found"

    def __init__(self) -> None:
        super().__init__(
            _("There is nothing here under this address."),
            remedy=_("Check the number, or look in your list."),
        )


class Barred(Refusal):
    """Read, but not the actor's to do 不予办理, with reason and clause.

    ``grounds``: where several rules stand in the way at once, each with its own clause, so that nobody mends
    one only to be refused by the next.
    """

    status = 403
    code = "barred"

    def __init__(
        self, reason: Words, clause: str = "", remedy: Words = "", grounds: Sequence[Ground] = ()
    ) -> None:
        super().__init__(reason, clause, remedy)
        self.grounds = tuple(grounds)

    def __str__(self) -> str:
        told = (self.reason, *(ground.reason for ground in self.grounds), self.remedy)
        return " ".join(str(part) for part in told if part)


class Invalid(Refusal):
    """The input does not hold 填写有误; ``fields`` maps a field to its sentences."""

    status = 422
    code = "invalid"

    def __init__(self, fields: Mapping[str, Sequence[Words]]) -> None:
        super().__init__(
            _("Something you filled in needs another look."),
            remedy=_("Correct the fields named below; what you typed is kept."),
        )
        self.fields = {name: list(sentences) for name, sentences in fields.items()}


class Conflict(Refusal):
    """Someone else acted first, or the matter has moved on 已被他人先行办理."""

    status = 409
    code = "conflict"

    def __init__(
        self,
        reason: Words = OVERTAKEN,
        remedy: Words = LOOK_AGAIN,
    ) -> None:
        super().__init__(reason, remedy=remedy)


class Misdeclared(Exception):
    """A declaration in code that can't stand: raised at start-up, never to a reader."""
