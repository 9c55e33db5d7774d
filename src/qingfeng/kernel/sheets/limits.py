"""How much of a sheet is read at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.attachments.kinds import refused
from qingfeng.kernel.background.isolation import INSPECTION, ProcessLimits
from qingfeng.kernel.refusals import Invalid


@dataclass(frozen=True)
class Bounds:
    """How far a sheet may reach. Who reads rows one by one, and not into one act, may allow more."""

    size: int = 20 << 20
    rows: int = 20_000
    columns: int = 200
    cells: int = 500_000

    @property
    def limits(self) -> ProcessLimits:
        """What reading so much may cost: some three times what a plain sheet of the size does."""
        return ProcessLimits(
            seconds=INSPECTION.seconds + self.cells // 50_000,
            megabytes=INSPECTION.megabytes + self.cells // 2_000,
        )

    def exceeded(self) -> Invalid:
        """The refusal of a sheet that reaches further."""
        return refused(
            format_lazy(
                _("This sheet is too large: at most {} rows, {} columns and {} MB. Hand it in in parts."),
                self.rows,
                self.columns,
                self.size >> 20,
            )
        )


OF_AN_ACT = Bounds()
"""What one act takes in."""
