"""The states of a matter 状态."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words


@dataclass(frozen=True)
class State:
    """A state 状态; a ``final`` one closes the matter, a ``void`` one without what the matter was for 未成."""

    code: str
    label: Words
    final: bool = False
    void: bool = False

    def __post_init__(self) -> None:
        if self.void and not self.final:
            raise Misdeclared(f"{self.code}: a void state is final too")

    def __str__(self) -> str:
        return str(self.label)


NEW = State("", _("not yet opened"))
"""Where an opening act starts from."""

ANY = State("*", _("any open state"))
"""Where an act starts from that is possible as long as the matter is not closed."""
