"""Ids are held by no hash: whoever holds the database may exchange them, and is found by what they order or point at."""

from typing import Any

import pytest
from django.db import connection

from bench.tampering import unguard
from qingfeng.kernel.ledger.checkpoints import refusals, seal_all, signer
from qingfeng.kernel.ledger.models import Entry, SealedUpTo
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred
from tests.cast import NOW, do, unit
from tests.organization.test_reorganization_day import carried_out, row
from tests.sheets import FOUND, sheet

pytestmark = pytest.mark.django_db


def renumbered(model: Any, old: int, new: int, followed: bool = True) -> None:
    """Give a row another id, and follow it wherever it is pointed at."""
    with connection.cursor() as cursor:
        key = model._meta.pk.column
        cursor.execute(f"UPDATE {model._meta.db_table} SET {key} = %s WHERE {key} = %s", [new, old])
        for pointing in model._meta.related_objects if followed else ():
            column = pointing.field.column
            table = pointing.related_model._meta.db_table
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", [new, old])


def exchanged(model: Any, one: int, other: int, followed: bool = True) -> None:
    for old, new in ((one, -1), (other, one), (-1, other)):
        renumbered(model, old, new, followed)


@pytest.mark.parametrize("how", ["exchanged", "taken back behind the first"])
def test_an_older_state_of_a_row_does_not_pass_for_the_last(how: str) -> None:
    seal_all(NOW, signer())
    before = unit("township")
    carried_out(row("township", "change", name="清河街道", sequence="街道"))
    seal_all(NOW, signer())
    speakers = [
        entry.pk
        for entry in Entry.objects.order_by("pk")
        if ["kernel.unit", before.pk] in [line[:2] for line in entry.content.get("records", ())]
    ]
    assert len(speakers) == 2
    assert list(verify()) == []
    unguard()
    if how == "exchanged":
        exchanged(Entry, *speakers)
    else:
        renumbered(Entry, speakers[1], -7)
    Unit.objects.filter(pk=before.pk).update(name=before.name, sequence=before.sequence)
    assert f"kernel.unit:{before.pk}" in {fault.where for fault in verify()}


def test_a_fact_that_is_taken_back_in_place_of_another_is_named() -> None:
    sheet("assigned")
    do("rectification.reopen", "office_a", sheet("written_off"), reason="又缺了。")
    taken = Fact.objects.exclude(reverses_id=None).earliest("pk")
    strange = Fact.objects.exclude(name=taken.name).filter(reverses=None, reversed_by=None).earliest("pk")
    assert list(verify()) == []
    unguard()
    exchanged(Fact, taken.reverses_id or 0, strange.pk, followed=False)
    assert f"kernel_fact:{taken.pk}" in {fault.where for fault in verify()}


@pytest.mark.parametrize("ahead", [1, 10**11])
def test_with_a_mark_set_ahead_nothing_is_signed_and_it_is_named(ahead: int) -> None:
    """What passed under it could be written anew and signed later, as it is by then."""
    seal_all(NOW, signer())
    entry = do("rectification.register", "office_a", **FOUND).entry
    mark = SealedUpTo.objects.get(jurisdiction=entry.jurisdiction)
    SealedUpTo.objects.filter(pk=mark.pk).update(settled=entry.pk - 1 + ahead, seen=entry.pk - 1 + ahead)
    assert list(verify())
    with pytest.raises(Barred, match="qingfeng的封存标记超前于其台账记录"):
        seal_all(NOW, signer())
    assert len(refusals()) == 1
    SealedUpTo.objects.filter(pk=mark.pk).update(settled=mark.settled, seen=mark.seen)
    assert len(seal_all(NOW, signer())) == 1
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        (
            "UPDATE kernel_checkpoint SET hash = 'keine' WHERE id = (SELECT min(id) FROM kernel_checkpoint)",
            "checkpoint",
        ),
        ("UPDATE kernel_fieldlist SET fields = '7'", "kernel_fieldlist"),
        ("UPDATE kernel_fieldlist SET fields = '[1, 2]'", "kernel_fieldlist"),
        ('UPDATE kernel_journalentry SET body = \'{"prev":""}\'', "journal"),
    ],
    ids=["a hash that is none", "a number for a list", "a list of numbers", "a line without its number"],
)
def test_what_can_not_be_read_is_named_and_hides_nothing_else(statement: str, place: str) -> None:
    matter = do("rectification.register", "office_a", **FOUND).matter
    seal_all(NOW, signer())
    unguard()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute(
            "UPDATE rectification_problem SET description = '无事' WHERE matter_ptr_id = %s", [matter.pk]
        )
        cursor.execute("UPDATE kernel_unit SET name = '别处' WHERE id = %s", [unit("housing").pk])
    found = {fault.where for fault in verify()}
    assert {where for where in found if where.startswith(place)}
    assert f"matter:{matter.pk}" in found or place == "kernel_fieldlist"
    assert f"kernel.unit:{unit('housing').pk}" in found or place == "kernel_fieldlist"
