"""What an act leaves: access rows, notices to the next, numbers without gaps, facts, and the policy it read."""

from datetime import timedelta
from typing import Any

import pytest

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.record.facts import Fact, leave
from qingfeng.kernel.refusals import Barred, Conflict, Misdeclared, NotFound
from qingfeng.mechanisms.problems.rectification.declarations import PROBLEM_ASSIGNED
from tests import cast
from tests.cast import NOW, act, actor, do
from tests.refusals import invalid
from tests.sheets import FOUND, rows, sheet

pytestmark = pytest.mark.django_db

READERS = {("unit_clerk@u", ""), ("unit_head@u", ""), ("leader@u", "")}
AFTER = {
    "found": {("supervision_office@j", "verify"), ("supervision_office@j", "dismiss")},
    "verified": {("supervision_office@j", "assign")},
    "assigned": {*READERS, ("unit_clerk@u", "sign")},
    "signed": {*READERS, ("unit_clerk@u", "plan")},
    "rectifying": {*READERS, ("unit_clerk@u", "report")},
    "reported": {*READERS, ("supervision_office@j", "send_back"), ("supervision_office@j", "write_off")},
    "written_off": READERS,
}


@pytest.mark.parametrize("state", AFTER)
def test_after_each_act_access_rows_name_who_reads_and_who_owes_what(state: str) -> None:
    matter = sheet(state)
    county, housing = cast.jurisdiction().pk, cast.unit("housing").pk
    named = {
        "supervision_office@j": f"supervision_office@j{county}",
        **{f"{role}@u": f"{role}@u{housing}" for role in ("unit_clerk", "unit_head", "leader")},
    }
    held = set(Access.objects.filter(matter=matter).values_list("holder", "act"))
    assert held == {(named[holder], owed) for holder, owed in AFTER[state]}


def test_a_sheet_handed_to_another_unit_leaves_the_first_without_access() -> None:
    matter = sheet("assigned")
    do(
        "rectification.follow",
        cast.the_system("succession"),
        matter,
        unit=cast.unit("housing").pk,
        successor=cast.unit("township").pk,
    )
    holders = set(Access.objects.filter(matter=matter).values_list("holder", flat=True))
    township = cast.unit("township").pk
    assert holders == {f"{role}@u{township}" for role in ("unit_clerk", "unit_head", "leader")}


def test_what_is_owed_is_due_when_its_clock_is() -> None:
    owed = Access.objects.get(matter=sheet("assigned"), act="sign")
    assert owed.due is not None
    assert owed.due.isoformat() == "2026-03-12T16:00:00+00:00"


def test_the_next_one_is_told_and_who_acted_is_not() -> None:
    matter = sheet("reported")
    told = list(
        Message.objects.filter(entry__matter=matter, channel=Message.Channel.NOTICE)
        .order_by("id")
        .values_list("holder", "payload__acts", "entry__act")
    )
    clerk, office = f"unit_clerk@u{cast.unit('housing').pk}", f"supervision_office@j{cast.jurisdiction().pk}"
    assert told == [
        (clerk, ["sign"], "assign"),
        (office, ["send_back", "write_off"], "report"),
    ]


def test_acts_to_choose_from_are_one_notice_that_names_them_in_words() -> None:
    office = f"supervision_office@j{cast.jurisdiction().pk}"
    told = Message.objects.get(entry__matter=sheet("reported"), entry__act="report", holder=office)
    assert told.payload["text"].startswith("待您“退回重办”、“销号”：")


def test_a_number_series_has_no_gaps_though_acts_between_are_refused() -> None:
    first = sheet()
    with invalid("title", "请填写此项"):
        do("rectification.register", "office_a", **{**FOUND, "title": ""})
    with pytest.raises(Barred, match="此项由效能督查部门办理"):
        do("rectification.register", "clerk_housing", **FOUND)
    numbers = [first.number, sheet().number, sheet().number]
    assert numbers == [f"清风区整改〔2026〕{n}号" for n in (1, 2, 3)]


def test_each_jurisdiction_and_each_year_counts_for_itself() -> None:
    sheet()
    beside = do("rectification.register", "linan_office", **FOUND).matter
    earlier = do("rectification.register", "office_a", at=NOW - timedelta(days=60), **FOUND).matter
    assert beside.number == "林岸县整改〔2026〕1号"
    assert earlier.number == "清风区整改〔2026〕2号"
    # 31 December 2026, 16:00 UTC, is the new year in Shanghai.
    turned = NOW.replace(month=12, day=31, hour=16)
    assert (
        do("rectification.register", "office_a", at=turned, **FOUND).matter.number == "清风区整改〔2027〕1号"
    )


def test_facts_are_left_about_the_unit_and_named_in_the_entry() -> None:
    matter = sheet("written_off")
    facts = list(Fact.objects.filter(entry__matter=matter).order_by("id"))
    housing = f"unit:{cast.unit('housing').pk}"
    assert [(fact.name, fact.subject, fact.quantity) for fact in facts] == [
        ("problem.assigned", housing, 1),
        ("problem.written_off", housing, 1),
    ]
    for fact in facts:
        assert fact.entry.content["facts"] == [fact.committed()]
        assert fact.jurisdiction == matter.jurisdiction


@pytest.mark.parametrize("quantity", [-3, True, 1.0, "2"])
def test_a_fact_of_a_quantity_that_is_no_whole_number_from_nought_is_a_fault_of_the_declaration(
    quantity: Any,
) -> None:
    with pytest.raises(Misdeclared, match=r"problem\.assigned"):
        leave(PROBLEM_ASSIGNED, cast.unit("housing"), quantity, cast.TODAY)
    assert leave(PROBLEM_ASSIGNED, cast.unit("housing"), 0, cast.TODAY).quantity == 0


def test_an_entry_records_the_parameters_it_read_with_layer_first_day_and_digest() -> None:
    entry = Entry.objects.get(matter=sheet("assigned"), act="assign")
    policy = {name: rest for name, *rest in entry.content["policy"]}
    assert set(policy) == {
        "rectification.dispute_within",
        "rectification.rebound_within",
        "rectification.second_person",
        "rectification.sign_within",
    }
    name = "rectification.sign_within"
    value, layer, since, digest = policy[name]
    assert (name, layer, since) == ("rectification.sign_within", "demonstration", "2024-01-01")
    assert value == {"n": 2, "unit": "workday", "roll_forward": True} or value["n"] == 2
    assert len(digest) == 64


@pytest.mark.parametrize("refused", ["hidden", "barred", "invalid", "overtaken", "refused in the method"])
def test_a_refusal_leaves_nothing_half_done(refused: str) -> None:
    matter = sheet("reported")
    merger = do(
        "reorganization.prepare",
        "department_a",
        predecessor=cast.unit("finance").pk,
        successor=cast.unit("education").pk,
        on="2026-12-01",
    ).matter
    before = rows()
    stored = Matter.objects.filter(pk=matter.pk).values().get()
    if refused == "hidden":
        with pytest.raises(NotFound):
            do("rectification.write_off", "clerk_education", matter, finding="属实。")
    elif refused == "barred":
        with pytest.raises(Barred, match="此项由效能督查部门办理"):
            do("rectification.write_off", "clerk_housing", matter, finding="属实。")
    elif refused == "invalid":
        with invalid("finding", "最多500个字"):
            do("rectification.write_off", "office_b", matter, finding="长" * 501)
    elif refused == "overtaken":
        with pytest.raises(Conflict, match="他人刚刚先行办理了该事项"):
            perform(
                act("rectification.write_off"),
                actor("office_b"),
                {"finding": "属实。"},
                NOW,
                matter_id=matter.pk,
                version=1,
            )
    else:
        with pytest.raises(Barred, match="实施日期未到"):
            do("reorganization.carry_out", "department_b", merger)
    assert rows() == before
    assert Matter.objects.filter(pk=matter.pk).values().get() == stored


def test_the_ledger_of_a_whole_life_verifies() -> None:
    sheet("written_off")
    assert [str(fault) for fault in verify()] == []
