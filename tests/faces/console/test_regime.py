"""The regime in force as one reads it, and the numbers nobody has compared yet."""

import re
from html import unescape

import pytest

from qingfeng.kernel.regime.models import ActivatedRegime, ConfirmedNumber
from qingfeng.mechanisms.problems.inspection.policy import OBJECT_WITHIN
from tests import cast
from tests.cast import do
from tests.faces.console.staff import browser, text

pytestmark = pytest.mark.django_db

OFFICIAL = "清办发〔2026〕7号"
NUMBERS = "/regime-in-force/numbers/"


def chinese(who: str, path: str) -> str:
    client = browser(who)
    return unescape(text(client.get(path, headers={"accept-language": "zh-hans"})))


def proposed(draft: str = "defaults") -> None:
    do("regime.propose", "office_a", draft=draft)


@pytest.mark.parametrize("who", ["office_a", "clerk_housing", "cadre", "leader", "audit_administrator"])
def test_everybody_reads_each_number_with_its_source_and_whose_it_is(who: str) -> None:
    page = chinese(who, "/regime-in-force/")
    for words in (
        "国家规定",
        "本地规定",
        "《职工带薪年休假条例（国务院令第514号）》第三条",
        "工作满 20 年：15 天",
    ):
        assert words in page
    assert not re.search(r"unit_head|rectification\.|half_month", page)


def test_a_value_that_a_level_above_set_says_so() -> None:
    page = chinese("linan_clerk", "/regime-in-force/")
    assert "上级规定" in page
    assert ">本地规定<" not in page


def test_a_demonstration_pack_shows_place_year_its_sentences_and_what_is_not_read_yet() -> None:
    said = [{"parameter": "meetings.conveners", "value": "[{kind: annual, units: [housing]}]"}]
    matter = do("regime.propose", "linan_office", draft="suyu-2013", answers=said).matter
    do("regime.activate", "linan_office_b", matter)
    page = chinese("linan_clerk", "/regime-in-force/")
    for words in (
        "宿迁市宿豫区 2013",
        "非主要领导和单位发言限时8分钟,现场摇铃警示",
        "每周对公车使用情况进行抽查",
    ):
        assert words in page


def test_numbers_that_wait_stand_there_by_paper_and_the_office_confirms_those_it_ticks() -> None:
    proposed()
    page = chinese("office_a", NUMBERS)
    assert "《清风默认设置》" in page
    keys = re.findall(r'name="number" value="([^"]+)"', page)
    assert len(keys) > 30
    client = browser("office_a")
    answer = client.post(NUMBERS, {"official": OFFICIAL, "number": keys[:2]})
    assert answer.status_code == 302
    assert {row.official for row in ConfirmedNumber.objects.all()} == {OFFICIAL}
    left = re.findall(r'name="number" value="([^"]+)"', chinese("office_b", NUMBERS))
    assert set(keys) - set(left) == set(keys[:2])


@pytest.mark.parametrize(
    "sent",
    [
        {"official": "", "number": "defaults|leave.noon|2000-01-01"},
        {"official": OFFICIAL},
        {"official": OFFICIAL, "number": "defaults|leave.noon|2001-01-01"},
        {"official": OFFICIAL, "number": "defaults|leave.noon|nonsense"},
        {"official": OFFICIAL, "number": "nonsense"},
    ],
)
def test_what_cannot_be_confirmed_is_told_and_what_was_typed_stays(sent: dict[str, str]) -> None:
    proposed()
    answer = browser("office_a").post(NUMBERS, sent)
    assert answer.status_code == 422
    assert sent["official"] in text(answer)
    waits = sent.get("number", "").endswith("2000-01-01")
    assert (f'value="{sent.get("number")}" checked' in text(answer)) == waits
    assert not ConfirmedNumber.objects.exists()


def test_others_read_what_waits_and_confirm_nothing() -> None:
    proposed()
    page = chinese("clerk_housing", NUMBERS)
    assert "整改时限" not in page or 'type="checkbox"' not in page
    sent = {"official": OFFICIAL, "number": "defaults|leave.noon|2000-01-01"}
    assert browser("clerk_housing").post(NUMBERS, sent).status_code == 403
    assert not ConfirmedNumber.objects.exists()


def test_a_demonstration_says_that_nothing_needs_to_be_confirmed(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    assert "演示系统无须核对" in chinese("office_a", NUMBERS)


def test_the_page_of_what_changes_names_what_has_to_be_confirmed_first() -> None:
    matter = do("regime.propose", "office_a", draft="defaults").matter
    page = chinese("office_a", f"/regime/{matter.pk}/page/changes/")
    for words in ("启用前须先核对", "《清风默认设置》问题整改", "陈述申辩期"):
        assert words in page
    ended = do(
        "regime_ends.propose", "office_a", ended=cast_regime(), on=cast.TODAY.isoformat(), reason="试行期满。"
    ).matter
    page = chinese("office_a", f"/regime_ends/{ended.pk}/page/changes/")
    for words in ("2个工作日", "5个工作日", "《清风区作风效能示范制度》"):
        assert words in page


def cast_regime() -> int:
    return ActivatedRegime.objects.filter(jurisdiction=cast.jurisdiction()).latest("pk").pk


def test_the_time_to_object_to_an_inspection_is_told_as_the_law_s() -> None:
    page = chinese("clerk_housing", "/regime-in-force/")
    told = re.sub(r"<[^>]+>|\s+", " ", page.partition(f">{OBJECT_WITHIN.label}<")[2][:1500])
    assert "30 天" in told or "30天" in told
    assert "国家规定" in told.partition("政府督查工作条例")[0]
    assert "第十七条" in told
