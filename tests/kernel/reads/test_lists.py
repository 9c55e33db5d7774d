"""Lists, search, inbox and their pages, as a clerk uses them."""

from datetime import timedelta

import pytest

from qingfeng.kernel import reads
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.reads import Filters
from qingfeng.kernel.refusals import Invalid, NotFound
from qingfeng.kernel.search import index
from tests import cast
from tests.cast import NOW, actor
from tests.sheets import sheet

pytestmark = pytest.mark.django_db


def titles(text: str, who: str = "office_a") -> set[str]:
    return {matter.title for matter in reads.searched(actor(who), text).rows}


@pytest.fixture
def three() -> list[Matter]:
    return [
        sheet("assigned", title="窗口无人值守"),
        sheet("assigned", title="12345热线转办Wi-Fi故障", unit="education"),
        sheet("found", title="营商环境问卷窗口"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("窗口", {"窗口无人值守", "营商环境问卷窗口"}),
        ("口窗", set()),
        ("无人值守", {"窗口无人值守"}),
        ("值守 窗口", {"窗口无人值守"}),
        ("窗口，无人！", {"窗口无人值守"}),
        ("wi-fi", {"12345热线转办Wi-Fi故障"}),
        ("WI FI", {"12345热线转办Wi-Fi故障"}),
        ("12345", {"12345热线转办Wi-Fi故障"}),
        ("1234", set()),
        ("热线12345", {"12345热线转办Wi-Fi故障"}),
        ("整改3号", {"营商环境问卷窗口"}),
        ("问卷 热线", set()),
        ("", set()),
        ("，。！", set()),
        ("   ", set()),
    ],
)
def test_search_finds_what_has_every_piece_and_nothing_else(
    three: list[Matter], text: str, found: set[str]
) -> None:
    assert titles(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "'",
        '"',
        "' OR 1=1 --",
        '" OR *',
        "a:*",
        "!窗口",
        "窗口 | 热线",
        "NEAR(",
        "\x00",
        "窗\x00口",
        "\\",
        "🙂",
        "é",
    ],
)
def test_search_takes_whatever_is_typed(three: list[Matter], text: str) -> None:
    assert titles(text) <= {matter.title for matter in three}


def test_search_stays_within_what_one_reads(three: list[Matter]) -> None:
    assert titles("窗口", "clerk_housing") == {"窗口无人值守"}
    assert titles("窗口", "clerk_township") == set()
    assert titles("窗口", "nobody") == set()


def test_a_sealed_matter_puts_no_words_into_the_search() -> None:
    matter = sheet(title="举报某某")
    Matter.objects.filter(pk=matter.pk).update(secrecy=Secrecy.SEALED)
    other = sheet("found", title="另一件举报")
    sealed = Matter(
        pk=other.pk + 1000, number="清风区〔2026〕密1号", title="密件", secrecy=Secrecy.SEALED, state="found"
    )
    index(sealed)
    assert {row.pk for row in reads.searched(actor("office_a"), "密件").rows} == set()
    assert titles("另一") == {"另一件举报"}


def test_a_list_has_the_newest_first() -> None:
    made = [sheet().pk for _each in range(3)]
    assert [row.pk for row in reads.listing(actor("office_a"), "rectification").rows] == made[::-1]


def test_pages_follow_each_other_without_a_gap_or_a_double_though_new_ones_come_between() -> None:
    made = [sheet().pk for _each in range(5)]
    first = reads.listing(actor("office_a"), "rectification", size=2)
    sheet()
    second = reads.listing(actor("office_a"), "rectification", cursor=str(first.following), size=2)
    third = reads.listing(actor("office_a"), "rectification", cursor=str(second.following), size=2)
    seen = [row.pk for page in (first, second, third) for row in page.rows]
    assert seen == made[::-1]
    assert third.following is None


def test_the_last_full_page_has_no_following() -> None:
    for _each in range(4):
        sheet()
    first = reads.listing(actor("office_a"), "rectification", size=2)
    second = reads.listing(actor("office_a"), "rectification", cursor=str(first.following), size=2)
    assert (len(second.rows), second.following) == (2, None)


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "９", "9" * 19, "1; DROP", " "])
def test_a_cursor_that_is_none_is_refused_with_words(cursor: str) -> None:
    for read in (
        lambda: reads.listing(actor("office_a"), "rectification", cursor=cursor),
        lambda: reads.inbox(actor("office_a"), cursor=cursor),
        lambda: reads.notices(actor("office_a"), cursor=cursor),
    ):
        with pytest.raises(Invalid) as refusal:
            read()
        assert set(refusal.value.fields) == {"cursor"}


@pytest.mark.parametrize("size", [0, -1, 201])
def test_a_page_has_one_to_two_hundred_rows(size: int) -> None:
    with pytest.raises(Invalid) as refusal:
        reads.listing(actor("office_a"), "rectification", size=size)
    assert set(refusal.value.fields) == {"size"}


def test_a_list_is_narrowed_by_state_openness_text_and_fields(three: list[Matter]) -> None:
    closed = sheet("written_off", title="已销号")
    office = actor("office_a")

    def found(**filters: object) -> set[str]:
        page = reads.listing(office, "rectification", Filters(**filters))  # type: ignore[arg-type]
        return {row.title for row in page.rows}

    assert found(state="written_off") == found(open=False) == {closed.title}
    assert closed.title not in found(open=True)
    assert found(text="窗口", state="found") == {"营商环境问卷窗口"}
    assert found(fields={"responsible": cast.unit("education").pk}) == {"12345热线转办Wi-Fi故障"}
    assert found(fields={"kind": "inaction"}) == {*(matter.title for matter in three), closed.title}


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        (Filters(state="unheard_of"), "state"),
        (Filters(fields={"requirement": "整改"}), "requirement"),
        (Filters(fields={"jurisdiction": 1}), "jurisdiction"),
        (Filters(fields={"responsible__name": "住建局"}), "responsible__name"),
    ],
)
def test_a_list_is_not_narrowed_by_what_is_not_offered(filters: Filters, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        reads.listing(actor("office_a"), "rectification", filters)
    assert set(refusal.value.fields) == {field}


@pytest.mark.parametrize("value", ["x", "", "1\x00", 2**70, "9" * 30, "１"])
@pytest.mark.parametrize("name", ["responsible", "kind"])
def test_a_value_that_can_be_none_is_told_or_finds_nothing(name: str, value: int | str) -> None:
    sheet("assigned")
    narrowed = Filters(fields={name: value})
    if name == "kind" and "\x00" not in str(value):
        assert reads.listing(actor("office_a"), "rectification", narrowed).rows == []
        return
    with pytest.raises(Invalid) as refusal:
        reads.listing(actor("office_a"), "rectification", narrowed)
    assert set(refusal.value.fields) == {name}


def test_an_unknown_mechanism_is_not_there() -> None:
    with pytest.raises(NotFound):
        reads.listing(actor("office_a"), "unheard_of")


def test_the_inbox_has_the_most_pressing_first_and_what_has_no_time_limit_last() -> None:
    later = sheet("assigned", at=NOW + timedelta(days=2))
    pressing = sheet("assigned", at=NOW)
    clerk = actor("clerk_housing")
    assert [row.matter_id for row in reads.inbox(clerk).rows] == [pressing.pk, later.pk]
    untimed = sheet("found")
    timed = [row.due is None for row in reads.inbox(actor("office_a")).rows]
    assert timed == sorted(timed)
    assert untimed.pk in {row.matter_id for row in reads.inbox(actor("office_a")).rows}


def test_what_is_done_leaves_the_inbox() -> None:
    matter = sheet("rectifying")
    rows = reads.inbox(actor("clerk_housing")).rows
    assert [(row.matter_id, row.act) for row in rows] == [(matter.pk, "report")]
    assert reads.inbox(actor("clerk_education")).rows == []


def test_an_inbox_is_paged() -> None:
    made = {sheet("assigned").pk for _each in range(3)}
    clerk = actor("clerk_housing")
    first = reads.inbox(clerk, size=2)
    second = reads.inbox(clerk, cursor=str(first.following), size=2)
    assert {row.matter_id for page in (first, second) for row in page.rows} == made
    assert second.following is None
