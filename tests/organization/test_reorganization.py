"""A merged unit ends, its roles with it, and every open matter of it follows to the successor."""

from datetime import date

import pytest

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Succession, Unit
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, NotFound
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast
from tests.cast import NOW, actor, do
from tests.sheets import FOUND, sheet

pytestmark = pytest.mark.django_db


def merged(on: str = "2026-03-10") -> Matter:
    units = {"predecessor": cast.unit("housing").pk, "successor": cast.unit("education").pk}
    prepared = do("reorganization.prepare", "department_a", **units, on=on)
    return do("reorganization.carry_out", "department_b", prepared.matter).matter


def test_open_matters_follow_and_wait_on_the_successor() -> None:
    open_one, closed = sheet("assigned"), sheet("written_off")
    merged()
    assert Problem.objects.get(pk=open_one.pk).responsible == cast.unit("education")
    assert Problem.objects.get(pk=closed.pk).responsible == cast.unit("housing")
    inbox = reads.inbox(actor("clerk_education")).rows
    assert [(row.matter_id, row.act) for row in inbox] == [(open_one.pk, "sign")]
    assert do("rectification.sign", "clerk_education", open_one).matter.state == "signed"


def test_a_sheet_the_city_has_on_the_unit_follows_too() -> None:
    matter = do("rectification.register", "city_office", **FOUND).matter
    do("rectification.verify", "city_office", matter, finding="属实。")
    raw = {"responsible": cast.unit("housing").pk, "requirement": "整改。"}
    do("rectification.assign", "city_office", matter, **raw)
    merged()
    assert Problem.objects.get(pk=matter.pk).responsible == cast.unit("education")


def test_the_old_clerk_neither_reads_nor_acts_any_more() -> None:
    matter = sheet("assigned")
    clerk = actor("clerk_housing")
    merged()
    with pytest.raises(NotFound):
        do("rectification.sign", clerk, matter)
    with pytest.raises(Barred, match="您目前不任该角色"):
        actor("clerk_housing")


def test_the_unit_ends_the_day_before_and_names_its_successor() -> None:
    merged()
    ended = cast.unit("housing")
    assert ended.valid_to == date(2026, 3, 9)
    assert Succession.objects.get(predecessor=ended).successor == cast.unit("education")
    assert ended not in Unit.choosable(actor("office_a"), date(2026, 3, 10))


def test_a_merger_is_not_carried_out_before_its_day() -> None:
    with pytest.raises(Barred, match="实施日期未到"):
        merged(on="2026-03-11")
    assert cast.unit("housing").valid_to is None


def test_following_is_an_act_of_the_system_in_each_matters_own_chain() -> None:
    matter = sheet("assigned")
    merged()
    last = matter.entries.order_by("-seq").first()
    assert last is not None
    assert (last.act, last.content["actor"], last.at) == ("follow", {"system": "succession"}, NOW)
