"""The timeline of a matter: who did what and said what, the latest first; what is erased is not shown."""

from typing import Any

import pytest

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.timeline import TimelineEntry
from qingfeng.kernel.sealing.models import SealedValue
from tests.cast import actor, do
from tests.sheets import sheet

pytestmark = pytest.mark.django_db


def line(matter: Any, name: str, who: str = "office_a") -> TimelineEntry:
    lines = reads.timeline(actor(who), "rectification", matter.pk)
    return next(line for line in lines if line.entry.act == name)


def test_the_latest_stands_first_with_person_and_state() -> None:
    lines = reads.timeline(actor("clerk_housing"), "rectification", sheet("written_off").pk)
    assert [line.entry.act for line in lines] == [
        "write_off",
        "report",
        "plan",
        "sign",
        "assign",
        "verify",
        "register",
    ]
    assert [line.person for line in lines] == ["甲二", "庚一", "庚一", "庚一", "甲一", "甲一", "甲一"]
    assert [line.state.code for line in lines if line.state] == [
        "written_off",
        "reported",
        "rectifying",
        "signed",
        "assigned",
        "verified",
        "found",
    ]


def test_prose_is_shown_to_who_reads_the_matter_and_stands_sealed_in_the_ledger() -> None:
    matter = sheet("reported")
    assert "已安排专人值守。" in [said.text for said in line(matter, "report").said]
    body = Entry.objects.get(matter=matter, act="report").body
    assert "已安排专人值守" not in body
    assert "窗口上午无人值守" not in Entry.objects.get(matter=matter, act="register").body
    sealed = SealedValue.objects.get(entry__matter=matter, entry__act="report", name="result")
    assert sealed.commitment in body


def test_a_unit_and_a_code_are_shown_by_their_names() -> None:
    matter = sheet("assigned")
    assert "住建局" in [said.text for said in line(matter, "assign").said]
    assert "不作为" in [said.text for said in line(matter, "register").said]


def test_what_the_system_did_is_shown_as_the_system_s() -> None:
    matter = sheet("assigned")
    from tests import cast

    do(
        "rectification.follow",
        cast.the_system("succession"),
        matter,
        unit=cast.unit("housing").pk,
        successor=cast.unit("education").pk,
    )
    followed = line(matter, "follow")
    assert (followed.system, followed.person) == (True, "")


def test_another_text_has_another_salt_though_it_says_the_same() -> None:
    one, other = (SealedValue.objects.filter(entry__matter=sheet()).order_by("id") for _each in range(2))
    assert not {value.commitment for value in one} & {value.commitment for value in other}
