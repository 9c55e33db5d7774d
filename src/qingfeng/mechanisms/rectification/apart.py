"""Two people for one sheet 经办与销号分离: who hands it out doesn't write it off; over an office of one, the leader does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from qingfeng.kernel.actors import office_key
from qingfeng.kernel.declaring import Do, Role, Unit
from qingfeng.kernel.parties.roles import behind
from qingfeng.mechanisms.rectification.policy import SECOND_PERSON

if TYPE_CHECKING:
    from qingfeng.mechanisms.rectification.sheet import Sheet


def assigner(do: Do) -> int | None:
    """The id of who hands the sheet out, where somebody else has to write it off: wherever no regime says otherwise."""
    apart = do.value(SECOND_PERSON) if do.policy.levels(SECOND_PERSON) else True
    return do.actor.person_id if apart else None


def office_of_one(sheet: Sheet, on: date) -> Unit | None:
    """The office's unit, where whoever handed the sheet out is the only one in it; else none."""
    if sheet.assigner_id is None:
        return None
    holdings = behind(office_key(Role.SUPERVISION_OFFICE, sheet.jurisdiction_id), on).select_related("unit")
    alone = {holding.person_id for holding in holdings} <= {sheet.assigner_id}
    return holdings[0].unit if alone and holdings else None
