"""What becomes of what a unit holds 承继办法, on the day it is merged or split: a word for each field that names one.

A field without a word stops the start: what nobody thought of would be left behind with the unit, or go with it unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.text.words import Words


@dataclass(frozen=True)
class Becomes:
    """What becomes of it, in words; one word is equal to itself, whatever else is said with it.

    :param goes_with: the mechanism whose open matters its rows belong to: of a unit that is split, they go where those go
    :param names: what tells its rows apart in the preview, as paths from the row
    :param act: by which act it is seen to by hand, as ``meetings.plan``; else none
    """

    code: str
    label: Words = field(compare=False)
    goes_with: str = field(default="", compare=False)
    names: tuple[str, ...] = field(default=(), compare=False)
    act: str = ""

    def with_matters(self, code: str) -> Becomes:
        """The same, of rows that belong to the matters of a mechanism."""
        return replace(self, goes_with=code)

    def named(self, *paths: str) -> Becomes:
        """The same, of rows that the preview names."""
        return replace(self, names=paths)


Fates = Mapping[str, Becomes]
"""What becomes of it, by field."""

FOLLOWS = Becomes("follows", _("follow, each by an act of its own"))
"""An open matter goes on under the successor; a closed one keeps the unit of then."""
CARRIED = Becomes("carried", _("go on with the successor from the day on"))
"""A dated row ends the day before, and a new one stands for the successor."""
GOES_ON = Becomes("goes_on", _("go on themselves, with the successor"))
"""The row itself names the successor: matters name it, so that no other may stand for it."""
ENDS = Becomes("ends", _("end with the unit"))
"""A dated row ends the day before."""
STAYS = Becomes("stays", _("stay under the unit's name"))
"""It tells what was."""
NO_UNITS = Becomes("no_units", _("are no unit's"))
"""Of books: their owners are no units."""


def by_hand(act: str) -> Becomes:
    """It stays, and what the successor gets is entered by people, by an act such as ``expense_budget.enter``."""
    return Becomes("by_hand", _("are seen to by hand"), act=act)
