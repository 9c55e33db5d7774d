"""What colleagues may know of leave, and what only the person and those who approve may open."""

import pytest

from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.refusals import NotFound
from tests import cast
from tests.cast import NOW, actor, do
from tests.leaves import DAY, THURSDAY, answered, approved, at, away, phoned, request

pytestmark = pytest.mark.django_db
WEDNESDAY = cast.TODAY + DAY


def board(who: str, on: object = WEDNESDAY) -> list[tuple[str, ...]]:
    shown = reads.board(actor(who), "leave", "away", on)  # type: ignore[arg-type]
    return [tuple(map(str, row)) for row in shown.rows]


def particulars(who: str, leave: object) -> object:
    opened = reads.page(actor(who), "leave", leave.pk, "particulars", NOW)  # type: ignore[attr-defined]
    return opened.context["lines"]


def test_colleagues_see_that_someone_is_away_and_who_stands_in_and_nothing_else() -> None:
    named = cast.person("clerk_township").pk
    answered(approved(kind="sick", last_half="am", stand_in=named, place="省人民医院"), "clerk_township")
    row = ("住建局", cast.person("cadre").name, "全天", cast.person("clerk_township").name)
    assert board("clerk_education") == [row]
    assert board("leader", WEDNESDAY + DAY) == [(*row[:2], "上午", row[3])]
    assert board("clerk_education", cast.TODAY) == []


def test_what_is_only_asked_for_is_on_no_board_nor_is_more_of_it() -> None:
    leave = request()
    assert board("clerk_education") == []
    do("leave.decide", "head_housing", leave, agrees=True)
    do("leave.begin", cast.the_system("clock"), leave, at=at("2026-03-11 08:30"))
    do(
        "leave.extend",
        "cadre",
        leave,
        at=at("2026-03-11 10:00"),
        more_day="2026-03-13",
        more_half="pm",
        reason="未办完。",
    )
    assert len(board("clerk_education", WEDNESDAY + DAY)) == 1
    assert board("clerk_education", WEDNESDAY + 2 * DAY) == []


def test_another_county_sees_its_own_board_and_the_city_both() -> None:
    approved()
    assert board("linan_clerk") == []
    assert len(board("city_office")) == 1


def test_who_acts_in_no_role_sees_no_board() -> None:
    with pytest.raises(NotFound):
        board("nobody")


def test_kind_and_reason_are_opened_for_the_person_and_who_approves_and_each_reading_is_journalled() -> None:
    leave = request(kind="sick", reason="住院手术")
    before = JournalEntry.objects.filter(kind=JournalEntry.Kind.READING).count()
    assert [text for _label, text, _at in particulars("head_housing", leave)] == ["病假", "住院手术"]  # type: ignore[attr-defined]
    assert particulars("cadre", leave) is not None
    assert JournalEntry.objects.filter(kind=JournalEntry.Kind.READING).count() == before + 4


def test_the_organization_department_and_the_recorder_see_the_leave_but_not_what_for() -> None:
    leave = phoned(kind="sick")
    for who in ("department_a", "clerk_housing"):
        assert reads.one(actor(who), "leave", leave.pk).pk == leave.pk
        assert particulars(who, leave) is None
    assert not JournalEntry.objects.filter(kind=JournalEntry.Kind.READING).exists()


def test_who_neither_approves_nor_is_concerned_finds_no_leave() -> None:
    leave = away()
    for who in ("clerk_education", "office_a", "discipline", "head_education", "clerk_housing"):
        with pytest.raises(NotFound):
            reads.one(actor(who), "leave", leave.pk)


def test_its_days_are_in_the_calendar_of_who_reads_it_and_not_what_for() -> None:
    leave = approved(kind="sick")
    ((matter, occasion),) = [
        (matter, occasion)
        for matter, occasion in reads.occasions(actor("cadre"), NOW)
        if matter.pk == leave.pk
    ]
    assert (matter.pk, str(occasion.end)) == (leave.pk, THURSDAY)
    assert "病" not in occasion.title
