import sys
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.regime.document import Document, digest, load, read
from qingfeng.kernel.regime.parameters import ChoiceEntry, MonthDay
from qingfeng.kernel.regime.registry import Registry
from qingfeng.kernel.regime.tree import DEEPEST, LARGEST, BadDocument
from qingfeng.kernel.time.periods import Period, PeriodUnit

HERE = Path(__file__).parent
MECHANISMS = {"rectification"}

# One line, and one file in bad/, for each thing the loader refuses: the exact words.
REFUSALS = (HERE / "refusals.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def good(registry: Registry) -> Document:
    return read(HERE / "good.yaml", registry, MECHANISMS)


@pytest.mark.parametrize("words", REFUSALS, ids=lambda words: words.split(".yaml")[0])
def test_a_faulty_file_is_refused_with_file_line_and_words(words: str, registry: Registry) -> None:
    name = words.split(":")[0]
    with pytest.raises(BadDocument) as caught:
        load((HERE / "bad" / name).read_bytes(), name, registry, MECHANISMS)
    assert str(caught.value) == words


def test_every_faulty_file_is_tried() -> None:
    assert sorted(path.name for path in (HERE / "bad").iterdir()) == [
        words.split(":")[0] for words in REFUSALS
    ]


def test_a_file_too_big_is_refused_before_it_is_parsed(registry: Registry) -> None:
    with pytest.raises(BadDocument, match="more than"):
        load(b"#" * (LARGEST + 1), "big.yaml", registry)


def test_nesting_that_would_exhaust_the_machine_is_refused(registry: Registry) -> None:
    with pytest.raises(BadDocument, match="nested too deep"):
        load(b"[" * 100_000, "deep.yaml", registry)
    assert sys.getrecursionlimit() > DEEPEST


@given(st.text(max_size=80))
def test_no_text_breaks_the_loader(text: str) -> None:
    with pytest.raises(BadDocument, match=r"^any\.yaml:\d+: "):
        load(text.encode(), "any.yaml", Registry())


def test_values_are_read_into_their_kinds(good: Document) -> None:
    newest = {name: history[-1].value for name, history in good.values.items()}
    assert newest == {
        "rectification.sign_within": Period(3, PeriodUnit.WORKDAY),
        "rectification.report_within": Period(1, PeriodUnit.MONTH, roll_forward=True),
        "meetings.a_year": 12,
        "reception.cap": 100_000,
        "reception.alcohol": False,
        "score.late": 250,
        "problem.kinds": (
            ChoiceEntry("no", "不作为", "Not acting"),
            ChoiceEntry("slow", "慢作为", "Acting slowly"),
        ),
        "scheme.begins": date(2016, 3, 1),
        "evaluation.due_on": MonthDay(12, 31),
        "hotline.title": "12345热线",
    }


def test_the_head_and_the_sources_are_kept(good: Document) -> None:
    assert (good.regime, good.jurisdiction, good.place, good.year) == ("demo-2016", "demo", "示范县", 2016)
    assert good.enables == ("rectification",)
    assert good.templates == {"notice": "notice.docx"}
    newest = good.values["rectification.sign_within"][-1]
    assert newest.since == date(2016, 1, 1)
    assert newest.verified
    assert newest.checked_until == date(2016, 12, 31)
    assert newest.note == "修订后缩短"
    assert (newest.source.clause, newest.source.href) == ("第四条", "https://example.invalid/2016")


def test_a_document_cannot_be_changed(good: Document) -> None:
    with pytest.raises(FrozenInstanceError, match="cannot assign to field"):
        good.title = "另一"  # type: ignore[misc]
    with pytest.raises(TypeError, match="item assignment"):
        good.values["meetings.a_year"] = ()  # type: ignore[index]


def test_the_digest_is_that_of_the_content_and_not_of_the_layout(good: Document, registry: Registry) -> None:
    text = (HERE / "good.yaml").read_text()
    other = "# a remark\n" + text.replace("{n: 3, unit: workday}", "{unit: workday,   n: 3}")
    assert digest(load(other.encode(), "other.yaml", registry)) == digest(good)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n: 3", "n: 4"),
        ("第四条", "第五条"),
        ("verified: true", "verified: false"),
        ("修订后缩短", "修订"),
        ("from: 2014-03-01", "from: 2014-03-02"),
        ("checked_until: 2016-12-31", "checked_until: 2016-12-30"),
        ("enables: [rectification]", "enables: []"),
        ("roll_forward: true", "roll_forward: false"),
        ("en: Not acting", "en: Idle"),
        ("year: 2016\n", ""),
    ],
)
def test_any_change_of_content_changes_the_digest(
    old: str, new: str, good: Document, registry: Registry
) -> None:
    text = (HERE / "good.yaml").read_text()
    assert old in text
    assert digest(load(text.replace(old, new).encode(), "changed.yaml", registry)) != digest(good)
