"""Links between matters say why they are there."""

import pytest
from django.utils.translation import override

from qingfeng.kernel.acts.links import Link, label_of, link_kind
from qingfeng.kernel.refusals import Misdeclared
from tests.cast import do
from tests.faces.console.staff import address, browser, text
from tests.sheets import sheet

pytestmark = pytest.mark.django_db


def test_a_sheet_that_is_a_rebound_says_so_beside_the_earlier_one() -> None:
    earlier, again = sheet("written_off"), sheet("verified")
    do("rectification.assign", "office_a", again, responsible=earlier.responsible_id, requirement="再整改。")
    assert Link.objects.filter(source=again, target=earlier).exists()
    page = text(browser("office_a").get(address(again)))
    assert earlier.number in page
    assert "rebound · problem" in page


def test_a_kind_of_link_is_declared_once() -> None:
    with pytest.raises(Misdeclared, match="there is a kind of link"):
        link_kind("rebound", "又一个")


def test_a_kind_whose_mechanism_is_gone_is_shown_by_its_code() -> None:
    with override("zh-hans"):
        assert (str(label_of("rebound")), label_of("gone")) == ("反弹回潮", "gone")
