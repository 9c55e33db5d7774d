"""Bad input of every kind: one clear sentence at the field, and nothing half done."""

from typing import Any

import pytest
from django.utils.translation import override

from qingfeng.kernel.refusals import Invalid
from tests import cast
from tests.cast import do
from tests.sheets import FOUND, rows, sheet

pytestmark = pytest.mark.django_db

REGISTERED = [
    ("title", None),
    ("title", ""),
    ("title", "   "),
    ("title", 7),
    ("title", ["窗口"]),
    ("title", {"zh": "窗口"}),
    ("title", "长" * 101),
    ("title", "两\n行"),
    ("title", "空\x00字符"),
    ("title", "退\x08格"),
    ("description", "长" * 2001),
    ("description", "空\x00字符"),
    ("kind", "unheard_of"),
    ("kind", ""),
    ("kind", "x" * 61),
    ("kind", "in\x00action"),
    ("kind", 3),
    ("kind", True),
]


@pytest.mark.parametrize(("name", "value"), REGISTERED, ids=lambda value: ascii(value)[:24])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_faulty_value_is_told_at_its_field_and_stores_nothing(name: str, value: Any, language: str) -> None:
    before = rows()
    with override(language), pytest.raises(Invalid) as refusal:
        do("rectification.register", "office_a", **{**FOUND, name: value})
    assert set(refusal.value.fields) == {name}
    with override(language):
        (words,) = (str(words) for words in refusal.value.fields[name])
    assert words.strip()
    assert "\x00" not in words
    assert rows() == before


@pytest.mark.parametrize("name", FOUND)
def test_a_missing_field_is_told(name: str) -> None:
    raw = {key: value for key, value in FOUND.items() if key != name}
    with pytest.raises(Invalid) as refusal:
        do("rectification.register", "office_a", **raw)
    assert set(refusal.value.fields) == {name}


def test_a_field_that_is_not_asked_for_is_refused_and_not_dropped_silently() -> None:
    with pytest.raises(Invalid) as refusal:
        do("rectification.register", "office_a", state="written_off", **FOUND)
    assert set(refusal.value.fields) == {"state"}


@pytest.mark.parametrize(
    "value",
    [None, "", 0, -1, 2**63, 10**40, "9" * 400, 1.5, "1.5", True, [1], {"pk": 1}, "住建局", "1\x00", "１２"],
    ids=lambda value: ascii(value)[:24],
)
def test_what_is_no_unit_is_told_at_the_field(value: Any) -> None:
    found = sheet("verified")
    before = rows()
    with pytest.raises(Invalid) as refusal:
        do("rectification.assign", "office_a", found, responsible=value, requirement="整改。")
    assert set(refusal.value.fields) == {"responsible"}
    assert rows() == before


@pytest.mark.parametrize(
    "value", ["2026-02-30", "26-1-1", "yesterday", "", None, 10**30, [], "2026-03-10T10:00"]
)
def test_what_is_no_day_is_told_at_the_field(value: Any) -> None:
    departments = {"predecessor": cast.unit("finance").pk, "successor": cast.unit("education").pk}
    with pytest.raises(Invalid) as refusal:
        do("reorganization.prepare", "department_a", **departments, on=value)
    assert set(refusal.value.fields) == {"on"}


@pytest.mark.parametrize(
    "value", ["not a file", ["not a file"], ["0" * 32], [7], 7, {"a": 1}, ["0" * 32] * 10, [None]]
)
def test_a_file_that_was_not_handed_in_is_told_at_the_field(value: Any) -> None:
    found = sheet("rectifying")
    before = rows()
    with pytest.raises(Invalid) as refusal:
        do("rectification.report", "clerk_housing", found, result="已整改。", evidence=value)
    assert set(refusal.value.fields) == {"evidence"}
    assert rows() == before


@pytest.mark.parametrize("value", ["minister", "", None, 4, "unit_clerk\x00", ["unit_clerk"]])
def test_what_is_no_role_is_told_at_the_field(value: Any) -> None:
    named = {"person": cast.person("cadre").pk, "unit": cast.unit("finance").pk}
    with pytest.raises(Invalid) as refusal:
        do("appointment.propose", "system_administrator", **named, role=value)
    assert set(refusal.value.fields) == {"role"}


@pytest.mark.parametrize(
    ("units", "place"),
    [
        ("not rows", "units"),
        ([7], "units.0"),
        ([{"code": "x", "name": "局"}, {"code": "y"}], "units.1.name"),
        ([{"code": "x", "name": "长" * 81}], "units.0.name"),
        ([{"code": "x", "name": "局", "colour": "red"}], "units.0.colour"),
        ([{"code": "x", "name": "局\x00"}], "units.0.name"),
        ([{"code": "x", "name": ""}], "units.0.name"),
        ([{"code": "x", "name": "局", "parent": 7}], "units.0.parent"),
    ],
)
def test_a_faulty_row_is_told_at_its_place(units: Any, place: str) -> None:
    before = rows()
    with pytest.raises(Invalid) as refusal:
        do("founding.found", cast.the_system("founding"), units=units, people=[])
    assert set(refusal.value.fields) == {place}
    assert rows() == before


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        do("rectification.register", "office_a", title="", kind="x" * 61, description="空\x00")
    assert set(refusal.value.fields) == {"title", "kind", "description"}


def test_surrogates_are_refused_like_any_other_character_that_can_not_be_kept() -> None:
    with pytest.raises(Invalid) as refusal:
        do("rectification.register", "office_a", **{**FOUND, "title": "半\ud800个"})
    assert set(refusal.value.fields) == {"title"}


def test_blanks_around_a_text_are_not_kept() -> None:
    matter = do("rectification.register", "office_a", **{**FOUND, "title": "  窗口无人  "}).matter
    assert matter.title == "窗口无人"


def test_a_text_of_exactly_the_longest_length_is_taken() -> None:
    matter = do("rectification.register", "office_a", **{**FOUND, "title": "长" * 100}).matter
    assert len(matter.title) == 100
