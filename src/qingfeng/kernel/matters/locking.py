"""A matter under lock, with its jurisdiction and the hash of its last entry, in one statement compiled once."""

from __future__ import annotations

from functools import cache

from django.db import connection
from django.db.models import F, OuterRef, Subquery

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.parties.models import Jurisdiction

JURISDICTION = ("code", "name", "parent_id", "path")


def locked(kind: type[Matter], pk: int) -> tuple[Matter, str]:
    """The matter, locked until the transaction ends, and the hash of its last entry (empty: it is not there)."""
    matter = kind._base_manager.raw(_statement(kind, connection.vendor), [pk])[0]
    extra = vars(matter)
    matter.jurisdiction = Jurisdiction(
        id=matter.jurisdiction_id, **{name: extra.pop(f"jurisdiction_{name}") for name in JURISDICTION}
    )
    return matter, extra.pop("head") or ""


@cache
def _statement(kind: type[Matter], vendor: str) -> str:
    # What an act costs is mostly the building of its statements; this one is the largest, and always the same.
    last = Entry.objects.filter(matter_id=OuterRef("pk"), seq=OuterRef("version")).values("hash")[:1]
    of_jurisdiction = {f"jurisdiction_{name}": F(f"jurisdiction__{name}") for name in JURISDICTION}
    wanted = (
        kind._base_manager.select_for_update(of=("self", "matter_ptr"))
        .annotate(head=Subquery(last), **of_jurisdiction)
        .filter(pk=0)
    )
    statement, parameters = wanted.query.sql_with_params()
    assert parameters == (0,), parameters
    return statement
