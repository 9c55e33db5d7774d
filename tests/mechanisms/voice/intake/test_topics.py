"""Messages that name one thing stand together, with count, place and time span."""

from time import perf_counter

import pytest

from qingfeng.mechanisms.voice.intake.hot_topics import FEWEST, topics
from tests.faces.console.staff import browser
from tests.messages import batch, csv_of

ESTATE = (
    ("云栖雅苑交房两年没有房产证", "买了云栖雅苑三期的房子，交房两年房产证还没有办下来。"),
    ("投诉云栖雅苑开发商迟迟不办房产证", "云栖雅苑开发商总说在办，房产证拖了两年。"),
    ("云栖雅苑业主的房产证何时能办", "请督促云栖雅苑的开发商把房产证办了，孩子上学要用。"),
    ("房产证办不下来", "我家住云栖雅苑，房产证两年了没有消息。"),
)
ELSEWHERE = (
    ("东风路路灯不亮", "东风路中段路灯三盏不亮，夜里看不清。"),
    ("东风路公交车不准时", "东风路的二路公交常常等半个钟头。"),
    ("东风路口红绿灯太短", "老人过东风路口，绿灯只有十秒。"),
    ("窗口排队太久", "社保窗口只开一个，排了两个小时。"),
    ("学府街摊贩占道", "学府街早晨摊贩占了半边路。"),
    ("自来水浑浊", "新桥村的自来水发黄，有异味。"),
    ("公厕锁门", "南湖公园的公厕白天也不开。"),
    ("卫生院挂号难", "清河镇卫生院早上七点就没有号了。"),
    ("井盖缺失", "桐木巷井盖不见两天，夜里危险。"),
    ("老人餐厅关门", "向阳社区的老人餐厅停了一个月。"),
    ("菜场缺斤少两", "北门菜场几个摊位秤不准。"),
    ("咨询居住证续签", "居住证到期，续签要带什么材料？"),
    ("感谢消防员", "感谢消防员救下困在树上的猫。"),
    ("树枝压电线", "老槐树的枝条压在电线上，刮风就冒火花。"),
)


def test_messages_that_name_one_estate_are_one_topic_whoever_names_it_in_title_or_text() -> None:
    first, *_others = topics([*ESTATE, *ELSEWHERE])
    assert "云栖雅苑" in first.names
    assert first.places == (0, 1, 2, 3)


def test_a_street_complained_about_for_many_reasons_stands_behind_one_complaint_of_many() -> None:
    found = [topic.names[0] for topic in topics([*ESTATE, *ELSEWHERE])]
    assert found[0] == "云栖雅苑"


LONE = (
    ("松涛外滩的垃圾没人清运", "松涛外滩小区垃圾堆了十天没人清运，天热很臭。"),
    ("松涛外滩垃圾堆成山", "松涛外滩垃圾堆成山，没人清运，苍蝇多。"),
    ("谁来清运松涛外滩垃圾", "松涛外滩的垃圾十天没人清运，物业推环卫。"),
)
INSIDE = (
    ("举报鸿运达鑫二手车行不退定金", "我在鸿运达鑫二手车行交了定金，车没看中，车行不退定金。"),
    ("鸿运达鑫二手车行定金不退", "鸿运达鑫二手车行说定金一概不退。"),
    ("鸿运达鑫二手车行拿了定金不认账", "定金条在手，鸿运达鑫二手车行不认账，定金不退。"),
)
PIECES = (
    ("东临泉阁的水费", "东临泉阁水费多收了，水表没人来看。"),
    ("西临泉阁水费不对", "西临泉阁水费多收了，水表不准。"),
    ("北临泉阁水费", "北临泉阁水费多收了，水表也旧。"),
)


@pytest.mark.parametrize(
    ("messages", "name"),
    [(LONE, "松涛外滩"), (INSIDE, "鸿运达鑫二手车行")],
    ids=["a lone common character within", "longer than a piece"],
)
def test_a_name_is_whole_as_people_write_it(messages: tuple[tuple[str, str], ...], name: str) -> None:
    first, *_others = topics([*messages, *ELSEWHERE])
    assert first.names[0] == name
    assert first.places == (0, 1, 2)


def test_what_only_stands_inside_different_names_is_none() -> None:
    names = [name for topic in topics([*PIECES, *ELSEWHERE]) for name in topic.names]
    assert not any("临泉" in name for name in names)


def test_its_time_grows_with_the_messages_and_no_faster() -> None:
    def took(times: int) -> float:
        messages = [(f"{title}{n}", text) for n in range(times) for title, text in [*INSIDE, *ELSEWHERE]]
        began = perf_counter()
        topics(messages)
        return perf_counter() - began

    took(20)
    assert took(80) < 4 * 4 * max(took(20), 0.05)


def test_too_few_messages_are_no_topic_and_none_at_all_no_fault() -> None:
    assert topics([]) == []
    assert topics(ESTATE[: FEWEST - 1]) == []
    assert topics([("窗口排队", "等了很久")] * FEWEST) == []


@pytest.mark.django_db
def test_topics_stand_on_a_page_of_their_own_and_lead_to_their_messages() -> None:
    rows = [
        [str(at), "甲", title, f"2026-02-{at + 1:02}", text, "滨河镇" if at < 3 else ""]
        for at, (title, text) in enumerate([*ESTATE, *ELSEWHERE])
    ]
    matter = batch(csv_of(rows))
    (topic, *_more) = matter.sorting.topics
    assert (topic["rows"], topic["place"]) == ([2, 3, 4, 5], "滨河镇")
    assert (topic["since"], topic["until"]) == ("2026-02-01", "2026-02-04")
    client = browser("clerk_housing")
    shown = client.get(f"/intake/{matter.pk}/page/topics/").content.decode()
    assert "云栖雅苑" in shown
    listed = client.get(f"/intake/{matter.pk}/page/messages/?show=every&topic=1").content.decode()
    assert "云栖雅苑业主的房产证何时能办" in listed
    assert "自来水浑浊" not in listed
