"""What cancelling saves 取消所节约: only of what was approved, and never more than its budget."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.money import yuan
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.vocabulary import Do, Unit
from qingfeng.mechanisms.restraint.meetings.declarations import GATHERING_CANCELLED, GATHERING_SAVED


def leave_saved(do: Do, unit: Unit, approved: bool, saved: int, budget: int) -> None:
    """Leave the facts of a gathering cancelled (fen). Raises ``Invalid`` where more is said than there was to save."""
    if not approved:
        if saved:
            words = _("Nothing was approved yet, so nothing is saved. Leave this empty.")
            raise Invalid({"saved": [words]})
        return
    if saved > budget:
        words = format_lazy(_("At most its budget of {} yuan can be saved."), yuan(budget))
        raise Invalid({"saved": [words]})
    do.leave(GATHERING_CANCELLED, subject=unit)
    do.leave(GATHERING_SAVED, subject=unit, quantity=saved)
