"""What a person reads at the console in Chinese is Chinese: no key, no code, no English plural, no word of a program."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override

from qingfeng.faces.console.journal_sentences import sentences
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.record import journal
from tests import cast, leaves, receptions
from tests.faces.console.staff import browser, text
from tests.mechanisms.duty.dispatch import meetings
from tests.mechanisms.problems.inspection import rounds
from tests.messages import batch
from tests.sheets import sheet

ALLOWED = {"Excel", "English", "PDF", "pdf", "SM3", "xlsx", ".xlsx", "csv", ".csv", "MB", "KB", "GB", "T"}
"""What is written in Latin letters in Chinese papers too (GB/T is a standard), and the other language's name."""

SKIPPED = re.compile(r"<(script|style|code|svg)\b.*?</\1>|<!--.*?-->", re.DOTALL)
READ_OUT = re.compile(r'\b(?:aria-label|placeholder|title|alt|data-label)="([^"]*)"')
LATIN = re.compile(r"(?:[0-9]+-)*[A-Za-z][A-Za-z0-9_.:-]*")
PAGE = re.compile(r'href="(/[^"?#]*)')


ELSEWHERE = ("/static/", "/files/", "/handbook/", "/regime/")
"""No pages (two), those of the test below, and those that show the text of a regime, whose keys are Latin."""


def latin(page: str, known: set[str]) -> Iterator[str]:
    """The words in Latin letters that a page shows or reads out, but for those that belong there."""
    page = SKIPPED.sub(" ", page)
    shown = [re.sub(r"<[^>]+>", " ", page), *READ_OUT.findall(page)]
    for word in LATIN.findall(unescape(" ".join(shown))):
        if word not in ALLOWED and word not in known:
            yield word


def chinese(who: str) -> Client:
    client = browser(who)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    return client


def walked(client: Client, seen: set[str]) -> Iterator[tuple[str, str]]:
    """The first page and those that can be reached from it by links and were not seen yet, each with its address."""
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page = text(answer)
        yield path, page
        for href in PAGE.findall(page):
            if href not in seen and not href.startswith(ELSEWHERE):
                seen.add(href)
                waiting.append(href)


@pytest.fixture
def county(tmp_path: Path, settings: Any) -> None:
    """A matter of nearly every kind, some way along."""
    settings.QINGFENG_HOME = tmp_path
    for state in ("assigned", "rectifying", "written_off"):
        sheet(state)
    leaves.away()
    receptions.budget()
    receptions.reception("approved")
    meetings.resolved(meetings.held(meetings.called()))
    rounds.found(rounds.seen(rounds.begun()["housing"]))
    batch()
    cast.do("transfers.prepare", "office_a", sheets=[{"sheet": sheet("rectifying").pk}])


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_no_page_shows_a_key_a_code_or_an_english_word() -> None:
    known = {part.account for part in cast.PARTS.values()} | {
        *cast.UNITS,
        "science",
        "no_role",
        "example.invalid",
    }
    wrong: dict[str, set[str]] = {}
    seen: set[str] = set()
    for who in ("office_a", "clerk_housing", "leader", "system_administrator", "audit_administrator"):
        for path, page in walked(chinese(who), seen):
            if found := set(latin(page, known)):
                wrong[f"{who} {path}"] = found
    assert wrong == {}
    assert len(seen) > 100


@pytest.mark.django_db
def test_no_page_of_the_handbook_does_either() -> None:
    client = chinese("office_a")
    pages = ["/handbook/", *(f"/handbook/{code}/" for code in mechanisms())]
    assert {path: found for path in pages if (found := set(latin(text(client.get(path)), set())))} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["kurz", "8642097531", "qwertyuiop", "clerk_housing1"])
def test_what_is_wrong_with_a_password_is_said_in_chinese(password: str) -> None:
    with override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password(password, cast.account("clerk_housing"))
    assert not any(set(latin(said, set())) or "你" in said for said in refused.value.messages)
    with override("zh-hans"):
        assert not any(set(latin(said, set())) or "你" in said for said in password_validators_help_texts())


ABOUT: list[dict[str, Any]] = [
    *({"outcome": word} for word in ("in", "out", "failed", "locked", "second factor", "password changed")),
    *({"event": word, "token": 7} for word in ("issued", "revoked", "used")),
    *({"what": word, "os_user": 1000} for word in ("proof", "ledger", "backup", "backup_key")),
    {"did": "resend", "why": "重发通知", "message": 3},
    {"did": "hand out", "accounts": []},
    {"did": "keys_lost", "keys": [1], "signing": "", "why": "介质损坏"},
    {"mechanism": "leave", "rows": 12, "filters": "state=requested"},
    {"mechanism": "looks", "rows": 3, "filters": ""},
    {"act": "tasks.confirm", "matter": None, "refused": "barred"},
    {"token": 7, "refused": "barred"},
    {"entry": 0, "value": "reason", "why": "核对"},
    {
        "jurisdiction": "qingfeng",
        "checkpoint": 4,
        "head": "ab",
        "rows": 9,
        "file": "4.jsonl",
        "digest": "cd",
        "at": "x",
    },
]
"""What lines of the journal keep, one of each shape."""


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_line_of_the_journal_is_a_sentence(language: str) -> None:
    lines = [journal.write("sign_in", cast.actor("clerk_housing"), cast.NOW, **about) for about in ABOUT]
    with override(language):
        told = sentences([line for line in lines if line is not None])
    assert len(told) == len(ABOUT)
    for said, about in zip(told, ABOUT, strict=True):
        assert said.rstrip()[-1] in "。.", about
        assert language == "en" or not list(latin(said, set())), about
