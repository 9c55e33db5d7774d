"""Every table is covered or says why not; what acts and the worker change stays in order; names stay erasable."""

import re
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import isolate_apps

from qingfeng.kernel import checks
from qingfeng.kernel.background import worker
from qingfeng.kernel.ledger.coverage import HELD, uncovered
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.schema import digest_of, field_list
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Account, Jurisdiction, Person
from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.duties import Opened, open_due
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast
from tests.cast import NOW, do, person
from tests.sheets import plan, sheet

PAGE = Path(__file__).parents[3] / "docs/kernel/ledger.md"

everything = pytest.mark.django_db


def everywhere() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def test_every_table_is_covered_or_says_why_not() -> None:
    assert uncovered(everywhere()) == []
    assert {model._meta.label_lower for model in everywhere()} >= HELD


@isolate_apps("qingfeng.organization")
def test_a_table_that_nothing_covers_does_not_start() -> None:
    class Grudge(models.Model):
        class Meta:
            app_label = "organization"

    class Marks(models.Model):
        grudges = models.ManyToManyField(Grudge)
        no_record = "made anew at any time"

        class Meta:
            app_label = "organization"

    assert uncovered([Grudge, Marks, Marks.grudges.through]) == [Grudge, Marks.grudges.through]


@isolate_apps("qingfeng.organization")
def test_it_is_named_and_so_is_a_register_whose_names_have_no_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    class Rumour(models.Model):
        class Meta:
            app_label = "organization"

    class Witness(Register):
        name = models.CharField(max_length=40)
        personal: ClassVar[dict[str, str]] = {"name": "personnel"}

        class Meta:
            app_label = "organization"

    class There:
        def get_models(self, include_auto_created: bool = False) -> list[type[models.Model]]:
            return [Rumour, Witness]

    monkeypatch.setattr(checks, "apps", There())
    faults = {fault.id: fault.obj for fault in checks.declarations(None)}
    assert faults == {"qingfeng.E030": Rumour, "qingfeng.E031": Witness}


def test_the_page_names_every_table_that_is_no_matter_and_no_register() -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = [
        model._meta.label_lower
        for model in everywhere()
        if not issubclass(model, Matter | Register) and f"`{model._meta.label_lower}`" not in page
    ]
    assert missing == []


def test_the_page_names_every_column_that_no_digest_covers() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    told = {
        model._meta.label_lower: outside
        for model in everywhere()
        if (outside := getattr(model, "outside", frozenset()))
    }
    assert told
    for label, columns in told.items():
        wanted = {f"`{label}`", *(f"`{column}`" for column in columns)}
        assert any(wanted <= set(re.findall("`[^`]+`", line)) for line in lines), label


@everything
def test_an_erased_name_can_not_be_tried_against_what_entries_said_of_it() -> None:
    someone = person("cadre")
    before = {name: getattr(someone, name) for name in field_list(Person)}
    said = digest_of(before.items())
    assert any(said in body for body in Entry.objects.values_list("body", flat=True))
    asked = do("erasure.request", "security_administrator", person=someone.pk, basis="本人申请")
    do("erasure.erase", "security_administrator_b", asked.matter)
    someone.refresh_from_db()
    assert (someone.name, someone.salt) == ("", "")
    assert digest_of({**before, "salt": ""}.items()) != said
    assert list(verify()) == []


@everything
def test_what_administrators_do_with_an_account_is_spoken_of() -> None:
    for wanted in ("close", "open", "password"):
        asked = do(
            "accounts.ask", "system_administrator", person=person("cadre").pk, wanted=wanted, reason="离岗"
        )
        do("accounts.carry_out", "security_administrator", asked.matter)
    account = Account.objects.get(username="cadre")
    assert account.is_active
    assert not account.has_usable_password()
    assert list(verify()) == []


@everything
def test_a_sign_in_and_a_new_password_are_no_fault() -> None:
    account = Account.objects.get(username="cadre")
    account.set_password("another long pass phrase")
    account.last_login = NOW
    account.save(update_fields=["password", "last_login"])
    assert list(verify()) == []


@everything
def test_a_jurisdiction_that_was_never_founded_is_named() -> None:
    made = Jurisdiction.objects.create(code="nowhere", name="无名县")
    assert [fault.where for fault in verify()] == [f"kernel.jurisdiction:{made.pk}"]


@everything
def test_what_returns_is_opened_with_the_row_that_says_so() -> None:
    opened, _skipped = open_due(NOW)
    row = Opened.objects.order_by("id").first()
    assert opened
    assert row is not None
    (first,) = Entry.objects.filter(matter=row.matter_id, seq=1)
    assert ["kernel.opened", row.pk] in [line[:2] for line in first.content["records"]]
    assert list(verify()) == []


@everything
def test_a_clock_laid_aside_and_started_anew_by_an_act_is_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    matter = sheet("assigned")
    clocks = Running.objects.filter(matter=matter.pk, name="signing")

    def failing(*_given: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(vars(cast.act("rectification.sign_overdue")), "method", failing)
    worker.run_out(NOW + timedelta(days=30))
    assert clocks.get().set_aside
    assert list(verify()) == []
    later = NOW + timedelta(days=31)
    for name, who, raw in (
        ("sign", "clerk_housing", {}),
        ("plan", "clerk_housing", plan(at=later)),
        ("report", "clerk_housing", {"result": "已补装。", "no_evidence": "已现场看过。"}),
        ("write_off", "office_b", {"finding": "属实。"}),
        ("reopen", "office_a", {"reason": "又缺了。"}),
    ):
        do(f"rectification.{name}", who, matter, at=later, **raw)
    assert not clocks.get().set_aside
    assert list(verify()) == []


@everything
def test_a_number_given_twice_or_left_out_is_told_by_its_series() -> None:
    from qingfeng.kernel.matters.models import NumberSeries

    numbers = count(1)
    for _each in range(3):
        do(
            "rectification.register",
            "office_a",
            title=f"第{next(numbers)}件",
            kind="inaction",
            topic="not_acting",
            description="一处",
        )
    series = NumberSeries.objects.get(word="整改")
    assert series.last == 3
    for last in (2, 4):
        NumberSeries.objects.filter(pk=series.pk).update(last=last)
        assert [fault.where for fault in verify()] == [f"kernel_numberseries:{series.pk}"]


@everything
def test_a_clock_that_stands_still_in_place_of_another_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_given: Any) -> None:
        raise ZeroDivisionError

    one, other = sheet("assigned"), sheet("assigned")
    monkeypatch.setitem(vars(cast.act("rectification.sign_overdue")), "method", failing)
    worker.run_out(NOW + timedelta(days=30))
    laid = Running.objects.filter(matter=one.pk, name="signing").exclude(set_aside="").get()
    still = Running.objects.filter(matter=other.pk, name="disputing").get()
    assert list(verify()) == []
    words = laid.set_aside
    Running.objects.filter(pk=laid.pk).update(set_aside="")
    Running.objects.filter(pk=still.pk).update(set_aside=words)
    assert {fault.where for fault in verify()} == {f"matter:{one.pk}", f"matter:{other.pk}"}


@everything
@pytest.mark.parametrize("under", ["a matter of another mechanism", "none"])
def test_a_row_of_a_mechanism_that_hangs_on_no_matter_of_it_is_named(under: str) -> None:
    other = do("calendar.propose", "office_a", year=2027, off="2027-01-01", source="试验").matter
    pk = other.pk if under != "none" else 999_999
    copied = Problem(
        **{
            field.attname: getattr(sheet("found"), field.attname)
            for field in Problem._meta.local_concrete_fields
        }
    )
    copied.matter_ptr_id = pk
    with connection.constraint_checks_disabled():
        copied.save_base(raw=True, force_insert=True)
        assert f"rectification_problem:{pk}" in {fault.where for fault in verify()}
        Problem._base_manager.filter(pk=pk)._raw_delete("default")
