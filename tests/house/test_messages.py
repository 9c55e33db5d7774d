"""A translation that is missing, doubled, unused or loses a placeholder is named, with its place."""

import gettext
from pathlib import Path

import pytest

from tools import messages

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
SOURCE = {
    "page.html": '{% load i18n %}\n  <p class="it\'s">{% translate "Inbox" %}</p>\n'
    "    {% blocktranslate %}{{ n }} days left{% endblocktranslate %}\n",
    "acts.py": 'from django.utils.translation import gettext_lazy as _\n\nlabel = _("Assign")\n',
}
WHOLE = [("Inbox", "待办"), ("%(n)s days left", "还剩 %(n)s 天"), ("Assign", "交办")]

Pairs = list[tuple[str, str]]


class House:
    """A package with a page and an act, and what its parts of a translation say."""

    def __init__(self, package: Path) -> None:
        self.package = package
        self.language = package / "locale" / "zh_Hans"
        (self.language / "parts").mkdir(parents=True)
        for name, text in SOURCE.items():
            (package / name).write_text(text, encoding="utf-8")

    def say(self, area: str, pairs: Pairs) -> None:
        text = HEADER + "\n".join(f'msgid "{words}"\nmsgstr "{string}"\n' for words, string in pairs)
        (self.language / "parts" / f"{area}.po").write_text(text, encoding="utf-8")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    return House(tmp_path)


def test_parts_that_give_every_message_pass_and_are_joined(house: House) -> None:
    house.say("console", WHOLE[:2])
    house.say("kernel", WHOLE[2:])
    assert messages.check() == messages.build() == []
    with (house.language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        joined = gettext.GNUTranslations(file)
    assert [joined.gettext(words) for words, _ in WHOLE] == [string for _, string in WHOLE]


@pytest.mark.parametrize(
    ("pairs", "complaint"),
    [
        (WHOLE[1:], "zh_Hans: page.html:2: no translation of 'Inbox'"),
        (
            [("Inbox", ""), *WHOLE[1:]],
            "zh_Hans: page.html:2: the translation of 'Inbox' is empty or marked fuzzy",
        ),
        (
            [WHOLE[0], ("%(n)s days left", "还剩几天"), WHOLE[2]],
            "zh_Hans: page.html:3: the translation of '%(n)s days left' has other placeholders",
        ),
        ([*WHOLE, ("Outbox", "发件")], "zh_Hans: 'Outbox' is translated, but nothing asks for it"),
    ],
)
def test_a_gap_is_named_with_its_place(house: House, pairs: Pairs, complaint: str) -> None:
    house.say("console", pairs)
    assert messages.check() == [complaint]


def test_a_message_translated_in_two_ways_is_named(house: House) -> None:
    house.say("console", WHOLE)
    house.say("kernel", [("Assign", "指派")])
    assert messages.build() == ["kernel.po: 'Assign' is translated otherwise in console.po"]
