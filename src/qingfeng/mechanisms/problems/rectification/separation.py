"""Two people for one sheet 经办与销号分离: who hands it out doesn't close it out."""

from __future__ import annotations

from qingfeng.kernel.vocabulary import Do
from qingfeng.mechanisms.problems.rectification.policy import SECOND_PERSON


def assigner(do: Do) -> int | None:
    """The id of who hands the sheet out, where somebody else has to close it out: wherever no regime says otherwise."""
    apart = do.value(SECOND_PERSON) if do.policy.levels(SECOND_PERSON) else True
    return do.actor.person_id if apart else None
