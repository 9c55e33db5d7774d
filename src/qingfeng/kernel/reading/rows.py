"""Parts of a matter 事项所附登记: register rows that stand under it, told to programs in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter


@dataclass(frozen=True)
class Part:
    """Rows of a register that whoever reads the matter may read with it. Raises ``Misdeclared``.

    ``of`` is the field that leads to the matter; ``by`` a whole number, one of the matter's own for each row,
    that puts them in order; ``fields`` what is told of a row. Other matters are read as links, each by its own right.
    """

    name: str
    label: Words
    model: type[Register]
    of: str
    by: str
    fields: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise Misdeclared(f"{self.name}: a part is named by one word of letters, digits and _")

    def rows(self, matter: Matter, after: int) -> QuerySet[Register]:
        """The rows of a matter after a number, in their order."""
        beyond = {self.of: matter.pk, f"{self.by}__gt": after}
        rows = self.model._base_manager.filter(**beyond).order_by(self.by)
        return rows.select_related(*self.model.told_by) if self.model.told_by else rows
