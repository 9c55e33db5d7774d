from qingfeng.kernel.regime.tree import BadDocument
from qingfeng.kernel.time.workdays import CalendarNotPublished

CHINESE = {"'%(key)s' is missing here.": "此处缺少“%(key)s”。"}


def test_an_error_of_the_pure_rules_is_told_in_the_readers_language() -> None:
    fault = BadDocument("a.yaml", 3, "'%(key)s' is missing here.", "meetings.a_year", key="verified")
    assert str(fault) == "a.yaml:3: meetings.a_year: 'verified' is missing here."
    assert fault.told(CHINESE.__getitem__) == "a.yaml:3: meetings.a_year: 此处缺少“verified”。"


def test_an_error_without_a_place_is_told_as_it_is() -> None:
    assert CalendarNotPublished(2031).told(lambda _words: "%(year)s") == "2031"
