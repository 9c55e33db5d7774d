"""Rows changed, dropped and swapped by hand are found, and named. The whole of it is `python -m bench.tamper`."""

import pytest
from django.db import connection

from bench.tampering import Way, outcome, rewritten, unguard, ways
from bench.world import at_work
from qingfeng.kernel.ledger.verify import verify

SAMPLE = 60

pytestmark = pytest.mark.django_db


@pytest.fixture
def unguarded() -> None:
    """A world at work whose append-only triggers someone took away."""
    at_work()
    assert list(verify()) == []
    unguard()


def test_ways_spread_over_all_tables_are_found_and_named(unguarded: None) -> None:
    every = list(ways(rows_each=2))
    said: dict[str, list[str]] = {}
    tried: list[Way] = every[:: len(every) // SAMPLE]
    for way in tried:
        said.setdefault(outcome(way).partition(" ")[0], []).append(way.title)
    assert said.keys() <= {"named", "refused"}, {key: said[key] for key in said.keys() - {"named", "refused"}}
    assert len(said["named"]) > SAMPLE * 3 // 4


def test_an_entry_rewritten_with_every_hash_made_anew_is_given_away_by_its_checkpoint(
    unguarded: None,
) -> None:
    way = next(way for way in rewritten(1) if "all hashes after it" in way.title)
    with connection.cursor() as cursor:
        for statement, values in way.statements:
            cursor.execute(statement, values)
    assert any(fault.where.startswith("checkpoint:") for fault in verify())


def test_a_clock_whose_limit_was_put_off_by_hand_is_found(unguarded: None) -> None:
    from qingfeng.kernel.time.clocks import Running

    clock = Running.objects.order_by("pk").first()
    assert clock is not None
    Running.objects.filter(pk=clock.pk).update(limit={"n": 90, "unit": "workday", "roll_forward": False})
    assert [fault.where for fault in verify()] == [f"matter:{clock.matter_id}"]


def test_a_sealed_box_exchanged_by_hand_is_found_without_its_key(unguarded: None) -> None:
    from qingfeng.kernel.sealing.models import SealedValue

    one, other = SealedValue.objects.order_by("pk")[:2]
    SealedValue.objects.filter(pk=one.pk).update(box=other.box)
    assert [fault.where.partition("/")[0] for fault in verify()] == [f"matter:{one.entry.matter_id}"]


def test_bodies_that_nobody_can_read_are_faults_and_not_the_end_of_verification(unguarded: None) -> None:
    from qingfeng.kernel.ledger.models import Entry

    entry = Entry.objects.order_by("pk").first()
    assert entry is not None
    for body in ("", "{", "[]", "null", '{"prev":""}', '{"act":7,"prev":"","seq":1}'):
        Entry.objects.filter(pk=entry.pk).update(body=body)
        assert f"matter:{entry.matter_id}" in {fault.where for fault in verify()}, body
