"""Lists, search, inbox and their pages, as a clerk uses them."""

from datetime import timedelta

import pytest

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.people.actors import person_key
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.reads import Filters
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


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("南苑6幢楼道堆物", "6幢"),
        ("南苑6幢楼道堆物", "南苑6幢楼道"),
        ("第2路公交改线", "2路"),
        ("第2路公交改线", "第2"),
        ("解放路19号井盖缺失", "路19"),
        ("5月4日值班脱岗", "4日"),
        ("5月4日值班脱岗", "月4日值"),
        ("B座３层无人", "3层"),
        ("B座3层无人", "Ｂ座３层"),
        ("ＷＩＦＩ断开", "wifi"),
        ("cafe\u0301扰民", "café"),
        ("café扰民", "cafe\u0301"),
        ("井盖\u200b松动", "盖松"),
        ("㈱某公司", "(株)某公司"),
        ("东湖镇 3 组断水", "3组"),
    ],
)
def test_search_finds_what_looks_the_same_and_what_goes_on_behind_a_number(title: str, asked: str) -> None:
    sheet("found", title=title)
    sheet("found", title="另一件")
    assert titles(asked) == {title}


def test_search_leaves_what_is_another_number() -> None:
    sheet("found", title="16幢楼道")
    assert titles("6幢") == set()


def test_search_finds_what_a_unit_carries_by_the_name_of_the_unit(three: list[Matter]) -> None:
    housing, education = cast.unit("housing").name, cast.unit("education").name
    carried = {"窗口无人值守"}
    for asked in (housing, housing[1:], f"窗口 {housing}", f"{housing}\u3000窗口"):
        assert titles(asked) == carried
    assert titles(f"{education} 窗口") == set()
    assert titles(education) == {"12345热线转办Wi-Fi故障"}
    assert titles(housing, "clerk_education") == set()


def test_search_finds_what_a_unit_carries_by_the_short_name_of_the_unit(three: list[Matter]) -> None:
    Unit.objects.filter(pk=cast.unit("housing").pk).update(short_name="ZJ办")
    assert titles("ｚｊ办") == titles("窗口 ZJ") == {"窗口无人值守"}
    assert titles("zj", "clerk_education") == set()


def test_a_sealed_matter_is_not_found_by_the_unit_that_carries_it(three: list[Matter]) -> None:
    Matter.objects.filter(pk=three[0].pk).update(secrecy=Secrecy.SEALED)
    assert titles(cast.unit("housing").name) == set()


def test_a_word_that_stands_in_the_names_of_all_units_is_the_name_of_none(
    three: list[Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = cast.unit("housing").name
    monkeypatch.setattr("qingfeng.kernel.search.MOST_UNITS", 0)
    assert titles(name) == set()


def test_search_stays_within_what_one_reads(three: list[Matter]) -> None:
    assert titles("窗口", "clerk_housing") == {"窗口无人值守"}
    assert titles("窗口", "clerk_township") == set()
    assert titles("窗口", "nobody") == set()


def test_a_sealed_matter_puts_no_words_into_the_search() -> None:
    matter = sheet(title="举报某某")
    Matter.objects.filter(pk=matter.pk).update(secrecy=Secrecy.SEALED)
    other = sheet("found", title="另一件举报")
    sealed = Matter(
        pk=other.pk + 1000, number="清风区密〔2026〕1号", title="密件", secrecy=Secrecy.SEALED, state="found"
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


def test_what_is_done_between_two_pages_of_an_inbox_leaves_nothing_out_and_shows_nothing_twice() -> None:
    made = [sheet("assigned", at=NOW + timedelta(days=day)) for day in range(6)]
    clerk = actor("clerk_housing")
    first = reads.inbox(clerk, size=2)
    Access.objects.filter(matter=made[0]).delete()
    pressing = sheet("assigned", at=NOW - timedelta(days=2))
    rest = reads.inbox(clerk, cursor=str(first.following), size=20)
    seen = [row.matter_id for row in (*first.rows, *rest.rows)]
    assert sorted({*seen}) == sorted(matter.pk for matter in made)
    assert pressing.pk not in seen
    assert len(seen) == len({(row.matter_id, row.act) for row in (*first.rows, *rest.rows)})


def test_pages_of_an_inbox_go_through_what_has_no_time_limit() -> None:
    made = {sheet("found").pk for _each in range(4)} | {sheet("assigned").pk}
    office, cursor, seen = actor("office_a"), "", []
    while True:
        page = reads.inbox(office, cursor, 1)
        seen += [(row.matter_id, row.act) for row in page.rows]
        if page.following is None:
            break
        cursor = page.following
    assert seen == [(row.matter_id, row.act) for row in reads.inbox(office, size=200).rows]
    assert {matter for matter, _act in seen} >= made - {max(made)}


@pytest.mark.parametrize("reading", ["carried", "own"])
def test_pages_of_what_is_carried_follow_the_row_and_not_the_number_of_rows(reading: str) -> None:
    read, who = getattr(reads, reading), actor("clerk_housing" if reading == "carried" else "cadre")
    made = [sheet("rectifying", at=NOW + timedelta(days=day)) for day in range(5)]
    for matter in made:
        Access.objects.create(matter=matter, holder=person_key(cast.person("cadre").pk))
    whole = [row.matter.pk for row in read(who, size=200).rows]
    first = read(who, size=2)
    Access.objects.filter(matter_id=whole[0]).delete()
    second = read(who, cursor=str(first.following), size=200)
    assert [row.matter.pk for row in (*first.rows, *second.rows)] == whole
    assert len(whole) == len(made)


@pytest.mark.parametrize(
    "cursor", ["1", "1-2", "1-2-3-4", "--", "1-2-x", "9" * 18 + "-1-1", "1--3", "１-2-3"]
)
def test_a_place_that_is_none_of_an_inbox_is_refused_with_words(cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        reads.inbox(actor("office_a"), cursor=cursor)
    assert set(refusal.value.fields) == {"cursor"}


def test_an_inbox_is_paged() -> None:
    made = {sheet("assigned").pk for _each in range(3)}
    clerk = actor("clerk_housing")
    first = reads.inbox(clerk, size=2)
    second = reads.inbox(clerk, cursor=str(first.following), size=2)
    assert {row.matter_id for page in (first, second) for row in page.rows} == made
    assert second.following is None
