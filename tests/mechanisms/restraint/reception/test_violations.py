"""What the list shows to be wrong: finance sees it, refuses or says why it pays; who is named is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.mechanisms.restraint.reception.models import Reception
from qingfeng.mechanisms.restraint.reception.rules import of_this_city
from tests import cast
from tests.cast import NOW, do
from tests.receptions import VISIT, YUAN, books, budget, file, reception, wanted

pytestmark = pytest.mark.django_db
LATER = VISIT + timedelta(hours=20)


def told_of(words: str) -> set[str]:
    sent = Message.objects.filter(channel=Message.Channel.NOTICE)
    return {message.holder for message in sent if words in message.payload["text"]}


def submitted(came: int, sat: int, alcohol: bool = False, organ: str = "某省厅") -> Reception:
    table = [
        {"side": side, "name": f"某{number}", "organ": organ if side == "guest" else "住建局", "post": "干部"}
        for side, count in (("guest", came), ("companion", sat))
        for number in range(count)
    ]
    held = do(
        "reception.hand_in_list",
        "clerk_housing",
        reception("approved"),
        VISIT,
        at_table=table,
        alcohol=alcohol,
    ).matter
    raw = {"cost": 280 * YUAN, "invoice": [file(name="发票.pdf")]}
    done = do("reception.settle", "clerk_housing", held, LATER, **raw).matter
    assert isinstance(done, Reception)
    return done


@pytest.mark.parametrize(
    ("came", "sat", "alcohol", "organ", "says"),
    [
        (18, 7, False, "某省厅", ["陪餐 7 人"]),
        (2, 0, True, "某省厅", ["饮酒"]),
        (4, 4, True, "教育局", ["饮酒", "陪餐 4 人", "本地"]),
    ],
)
def test_finance_sees_what_is_wrong_and_pays_only_with_a_reason(
    came: int, sat: int, alcohol: bool, organ: str, says: list[str]
) -> None:
    budget()
    waiting = submitted(came, sat, alcohol, organ)
    assert all(words in waiting.wrong for words in says)
    assert waiting.wrong.count("\n") + 1 == len(says)
    assert {holder.split("@")[0] for holder in told_of("违规情形")} == {"finance"}
    with pytest.raises(Invalid) as refusal:
        do("reception.close", "finance", waiting, LATER)
    assert list(refusal.value.fields) == ["why"]
    paid = do(
        "reception.close", "finance", waiting, LATER, why="饭费由超员的陪餐人自付，余款据实核销。"
    ).matter
    assert paid.state == "settled"


def test_what_finance_refuses_is_not_paid_and_the_money_is_there_again() -> None:
    budget()
    unpaid = do("reception.refuse_payment", "finance", submitted(7, 4), LATER, reason="陪餐超员。").matter
    assert (unpaid.state, unpaid.closed) == ("unpaid", True)
    assert books() == {
        "reception.limit": (0, 0, 0),
        "reception.budget": (100_000 * YUAN, 0, 0),
    }
    assert not Fact.objects.filter(name="reception.spent").exists()
    assert list(verify()) == []


def test_where_nothing_is_wrong_no_reason_is_asked_for() -> None:
    budget()
    assert do("reception.close", "finance", submitted(13, 4), LATER).matter.state == "settled"


def test_who_is_named_with_a_violation_is_told_and_stands_on_the_page() -> None:
    budget()
    named = [{"person": cast.person("cadre").pk}, {"person": cast.person("head_housing").pk}]
    raw = {"kind": "dishes", "finding": "菜单有禁止菜品。", "violators": named}
    found = do("reception.find", "office_b", reception("settled"), LATER + timedelta(days=3), **raw).matter
    assert told_of("被点名") == {f"person@{row['person']}" for row in named}
    shown: Any = reads.page(cast.actor("office_a"), "reception", found.pk, "named", NOW)
    (row,) = shown.context["rows"] if hasattr(shown, "context") else shown[1]["rows"]
    assert str(cast.person("cadre")) in str(row)


def test_organs_of_the_same_city_are_refused_where_the_regime_says_so() -> None:
    budget()
    said = "same_city:\n    - from: 2013-01-01\n      value: "
    text = cast.demonstration().replace(f"{said}true", f"{said}false")
    proposed = do("regime.propose", "office_a", at=NOW - timedelta(days=1), text=text).matter
    do("regime.activate", "office_b", proposed, at=NOW - timedelta(days=1))
    for organ in ("云川市应急管理局", "林岸县教育局", "党政办"):
        with pytest.raises(Barred) as refusal:
            do("reception.ask", "clerk_housing", **wanted(letter_organ=organ))
        assert "同城" in str(refusal.value.reason)
    assert do("reception.ask", "clerk_housing", **wanted(letter_organ="江东省水利厅")).matter.state == "asked"


@pytest.mark.parametrize(
    ("organ", "same"), [("甲市审计局", True), ("乙县文旅局", True), ("审计局", True), ("丙市审计局", False)]
)
def test_an_organ_is_of_the_city_by_its_name(organ: str, same: bool) -> None:
    assert of_this_city(organ, "甲市", ["乙县"], ["审计局"]) is same
