"""Lists 名册: what one person proposes row by row lies sealed with its entry until a second person confirms it."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, opened
from qingfeng.kernel.vocabulary import Do, Matter, Unit

MOST_ROWS = 1000
"""An act holds the writer while it stores; a longer list is two."""


def opened_rows(matter: Matter, by: str = "propose") -> list[dict[str, Any]]:
    """The rows as the act ``by`` took them, plain: what they name as ``unit:5``, days as ISO. Raises ``KeyDestroyed``."""
    sealed = SealedValue.objects.get(entry__matter=matter.pk, entry__act=by, name="rows")
    rows: list[dict[str, Any]] = json.loads(opened(sealed))
    return rows


def proposed(matter: Matter, do: Do, by: str = "propose") -> list[dict[str, Any]]:
    """The rows as the act ``by`` took them; refused where they were erased meanwhile."""
    try:
        return opened_rows(matter, by)
    except KeyDestroyed:
        do.refuse(_("What was entered has been erased."), remedy=_("Enter the list anew."))


def named(reference: str) -> int:
    """The id in a reference such as ``unit:5``."""
    return int(reference.partition(":")[2])


def units_held(ids: Collection[int], do: Do) -> dict[int, Unit]:
    """The units a list names, held until it is in force; refused where one ended since the list was entered."""
    found = Unit.objects.filter(standing(do.today), pk__in=ids).order_by("id")
    units = {unit.pk: unit for unit in found.select_for_update(no_key=True)}
    if units.keys() != set(ids):
        do.refuse(_("A unit of the list stands no longer."), remedy=_("Have the list entered anew."))
    return units
