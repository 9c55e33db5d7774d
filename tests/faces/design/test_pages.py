"""The page of components and the sample pages, as they leave the server."""

import re

import pytest

PAGES = ["/design/", *(f"/design/sample/{n}/" for n in ("matter", "inbox", "sign-in", "refusal", "public"))]


@pytest.fixture(params=PAGES)
def page(request, client):
    response = client.get(request.param)
    assert response.status_code == 200
    return response.content.decode()


def test_nothing_is_inline(page):
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", page)


def test_nothing_comes_from_elsewhere(page):
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert addresses
    assert not [a for a in addresses if a.startswith(("//", "http"))]


def test_ids_are_unique(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_every_reference_has_its_element(page):
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    wanted = re.findall(
        r'\s(?:for|aria-describedby|aria-labelledby|aria-controls|data-filters)="([^"]+)"', page
    )
    assert [one for group in wanted for one in group.split() if one not in ids] == []


def test_the_banner_stands_on_every_page(page):
    assert "非涉密系统，严禁处理国家秘密" in page


def test_no_english_is_left_in_the_chinese_page(page):
    body = re.sub(r"<(script|code)\b.*?</\1>|<[^>]+>", " ", page.split("<body>", 1)[1], flags=re.DOTALL)
    words = set(re.findall(r"[A-Za-z]{3,}", body))
    assert words <= {"PDF", "JPG", "PNG", "XLSX", "English"}
