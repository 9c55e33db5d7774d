"""What a page says that can't be had, in the reader's language; and what a broken one says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client, RequestFactory

from qingfeng.faces.console import refusal_pages
from tests.faces.console.staff import text


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-CN", "没有找到"), ("en", "Nothing here"), ("fr", "没有找到"), ("", "没有找到")],
)
@pytest.mark.django_db
def test_an_address_that_leads_nowhere_says_so_in_the_readers_language(language: str, words: str) -> None:
    answer = Client(headers={"accept-language": language}).get("/no/such/page/")
    assert answer.status_code == 404
    assert words in text(answer)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda request: refusal_pages.forbidden(request, PermissionError()), 403),
        (lambda request: refusal_pages.bad_request(request, SuspiciousOperation()), 400),
        (refusal_pages.server_error, 500),
    ],
)
def test_a_page_that_can_not_be_had_has_its_status_and_says_what_to_do(
    rf: RequestFactory, answer: Callable[[Any], Any], status: int
) -> None:
    # Without the database: what is broken may be that.
    response = answer(rf.get("/"))
    assert response.status_code == status
    assert 'class="msg"' in text(response)


@pytest.mark.django_db
def test_a_fault_of_ours_is_told_without_its_working(
    signed_in: Callable[..., Client], monkeypatch: Any
) -> None:
    client = signed_in("office_a")
    client.raise_request_exception = False

    def broken(*_: object) -> None:
        raise ValueError("the working of it")

    monkeypatch.setattr("qingfeng.kernel.reading.reads.inbox", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in text(answer)
    assert "the working of it" not in text(answer)
