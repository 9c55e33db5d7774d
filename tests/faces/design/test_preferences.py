"""Theme, type size and language are kept without scripts."""

import pytest


@pytest.mark.parametrize(
    ("name", "value", "mark"),
    [
        ("theme", "dark", 'data-theme="dark"'),
        ("theme", "light", 'data-theme="light"'),
        ("size", "large", 'data-size="large"'),
        ("language", "en", '<html lang="en"'),
    ],
)
def test_a_choice_is_kept(client, name, value, mark):
    assert mark not in client.get("/design/").content.decode()
    answer = client.post("/design/preferences/", {name: value, "next": "/design/"})
    assert (answer.status_code, answer["Location"]) == (302, "/design/")
    assert mark in client.get("/design/").content.decode()


@pytest.mark.parametrize(
    ("name", "value"), [("theme", "pink"), ("size", "0"), ("language", "xx"), ("other", "x")]
)
def test_what_is_not_offered_is_not_kept(client, name, value):
    client.post("/design/preferences/", {name: value, "next": "/design/"})
    assert not client.cookies


def test_a_cookie_changed_by_hand_changes_nothing(client):
    client.cookies["qf_theme"] = '"><script>'
    page = client.get("/design/").content.decode()
    assert "data-theme" not in page


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""]
)
def test_nobody_is_sent_elsewhere(client, target):
    assert client.post("/design/preferences/", {"theme": "dark", "next": target})["Location"] == "/"


def test_reading_changes_nothing(client):
    assert client.get("/design/preferences/").status_code == 405


def test_cookies_are_out_of_reach_of_scripts(client):
    client.post("/design/preferences/", {"theme": "dark"})
    assert client.cookies["qf_theme"]["httponly"]
    assert client.cookies["qf_theme"]["samesite"] == "Lax"
