"""A faulty declaration stops the start: each fault has its number and its words."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import pytest
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel import checks
from qingfeng.kernel.acts.do import Do
from qingfeng.kernel.record import append_only_tables
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.vocabulary import (
    NEW,
    Column,
    Did,
    Holds,
    Line,
    ListRows,
    Matter,
    Office,
    OneOfKind,
    Outside,
    OutsideKind,
    OutsideParty,
    Page,
    Role,
    RowColumn,
    State,
    Statistic,
    act,
)

OFFICE = Office(Role.SUPERVISION_OFFICE)
OPEN = State("found", _("found"))
CLOSED = State("written_off", _("closed out"), final=True)
SAID = _("Assign")
UNSAID = "Fly to the moon"

Build = Callable[[], type[Matter]]


class Whole(Matter):
    """A declaration without a fault, from which the faulty ones differ in one thing."""

    code = "whole"
    series = "甲"
    reads: ClassVar = OFFICE

    class Meta:
        abstract = True

    @act(NEW, to=OPEN, by=OFFICE, label=SAID)
    def begin(self, do: Do) -> None:
        """Begin."""


def with_(**declared: Any) -> type[Matter]:
    """The whole declaration with other or further members."""
    meta = type("Meta", (), {"abstract": True})
    return type("Faulty", (Whole,), {"Meta": meta, "__module__": __name__, **declared})


def end(source: State | tuple[State, ...] = OPEN, **changed: Any) -> Any:
    def end(self: Any, do: Do) -> None:
        """End it."""

    return act(source, **{"to": CLOSED, "by": OFFICE, "label": SAID, **changed})(end)


def undocumented() -> Any:
    def end(self: Any, do: Do) -> None: ...

    return act(OPEN, to=CLOSED, by=OFFICE, label=SAID)(end)


def untranslated_input() -> Any:
    def end(self: Any, do: Do, moon: Annotated[str, Line(10), _("Moon phase")]) -> None:
        """End it."""

    return act(OPEN, to=CLOSED, by=OFFICE, label=SAID)(end)


def asking(signs_in: bool = False) -> type[Matter]:
    """A matter in which an expert owes an answer, who may be named without an account or not."""

    def begin(
        self: Any,
        do: Do,
        expert: Annotated[OutsideParty, OneOfKind((OutsideKind.EXPERT,), signs_in=signs_in), SAID],
    ) -> None:
        """Begin."""

    def end(self: Any, do: Do) -> None:
        """End it."""

    return with_(
        expert=models.ForeignKey(OutsideParty, models.PROTECT, related_name="+"),
        begin=act(NEW, to=OPEN, by=OFFICE, label=SAID)(begin),
        end=act(OPEN, to=CLOSED, by=Outside("expert") | OFFICE, owed=True, label=SAID)(end),
    )


COUNTED = Statistic("some", SAID, (Column(SAID, "words"), Column(SAID)), lambda reading: [])
UNTRANSLATED = Statistic("some", SAID, (Column(SAID, "words"), Column(UNSAID)), lambda reading: [])


def page(label: Any = SAID, template: str = "console/stack.html", script: str = "console/console.js") -> Page:
    return Page("plan", label, template, lambda matter, actor, now: {}, script)


def listed(label: Any = SAID, column: Any = SAID, **other: Any) -> ListRows:
    return ListRows("days", label=label, columns=(RowColumn("day", column),), **other)


NOWHERE = State("nowhere", _("found"))
FAULTY: dict[str, Build] = {
    "E001 no code": lambda: with_(code=""),
    "E001 no series": lambda: with_(series=""),
    "E001 no reads": lambda: with_(reads=None),
    "E002 a state nothing leads to": lambda: with_(end=end(NOWHERE)),
    "E003 a state without Chinese": lambda: with_(end=end(to=State("moon", UNSAID, final=True))),
    "E004 nothing opens it": lambda: with_(begin=end((), to=OPEN), end=end()),
    "E005 an act without guard": lambda: with_(end=end(by=None)),
    "E006 an act that does not say what it is for": lambda: with_(end=undocumented()),
    "E007 an act without a label": lambda: with_(end=end(label="")),
    "E007 an act without a label in Chinese": lambda: with_(end=end(label=UNSAID)),
    "E008 an input without a label in Chinese": lambda: with_(end=untranslated_input()),
    "E037 an act owed by a party who may have no account": asking,
    "E014 a statistic of a name that is taken": lambda: with_(end=end(), statistics=(COUNTED, COUNTED)),
    "E015 a statistic without Chinese": lambda: with_(end=end(), statistics=(UNTRANSLATED,)),
    "E016 a page of a name that is taken": lambda: with_(end=end(), pages=(page(), page())),
    "E017 a page without Chinese": lambda: with_(end=end(), pages=(page(UNSAID),)),
    "E016 rows of a name that a page has": lambda: with_(
        end=end(), pages=(page(),), days=listed(name="plan")
    ),
    "E017 rows without Chinese": lambda: with_(end=end(), days=listed(UNSAID)),
    "E017 a column of rows without Chinese": lambda: with_(end=end(), days=listed(column=UNSAID)),
    "E018 rows drawn on a page that isn't there": lambda: with_(end=end(), days=listed(drawn_on="plan")),
    "E018 a page without its template": lambda: with_(end=end(), pages=(page(template="moon.html"),)),
    "E018 a page without its script": lambda: with_(end=end(), pages=(page(script="moon.js"),)),
    "E019 an administrator who reads": lambda: with_(reads=OFFICE | Office(Role.AUDIT_ADMINISTRATOR)),
    "E019 an administrator who acts": lambda: with_(
        end=end(by=OFFICE & ~Did("begin") | Holds(Role.SYSTEM_ADMINISTRATOR, of="jurisdiction"))
    ),
    "E032 a series that ends in a digit": lambda: with_(series="甲2"),
    "E009 an act that stays in a final state": lambda: with_(end=end(), more=end(CLOSED, to=None)),
}


def found(monkeypatch: pytest.MonkeyPatch, matter: type[Matter]) -> list[str]:
    monkeypatch.setattr(checks, "mechanisms", lambda: {"faulty": matter})
    return [str(fault.id) for fault in checks.declarations(None) if fault.obj is matter]


def test_what_the_house_stands_on_is_the_administrators_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = OFFICE | Office(Role.AUDIT_ADMINISTRATOR)
    assert (
        found(monkeypatch, with_(end=end(by=~Office(Role.AUDIT_ADMINISTRATOR)), reads=reads, ground=True))
        == []
    )


def test_a_whole_declaration_has_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, with_(end=end(), statistics=(COUNTED,), pages=(page(),), days=listed())) == []
    assert found(monkeypatch, asking(signs_in=True)) == []


def test_rows_are_named_by_one_word() -> None:
    with pytest.raises(Misdeclared, match="two words"):
        listed(name="two words")


@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_declaration_is_named(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"qingfeng.{fault[:4]}" in found(monkeypatch, FAULTY[fault]())


def test_every_fault_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = with_(end=end(by=None, label=""))
    monkeypatch.setattr(checks, "mechanisms", lambda: {"faulty": faulty})
    faults = [fault for fault in checks.declarations(None) if fault.obj is faulty]
    assert len(faults) == 2
    assert all("Faulty" in fault.msg and "end" in fault.msg for fault in faults)


@pytest.mark.django_db
def test_a_trigger_that_is_missing_is_named() -> None:
    assert checks.append_only(None, databases=["default"]) == []
    with connection.cursor() as cursor:
        where = " ON kernel_entry" if connection.vendor == "postgresql" else ""
        kind = "row" if connection.vendor == "postgresql" else "update"
        cursor.execute(f"DROP TRIGGER kernel_entry_{kind}_refused{where}")
    (fault,) = checks.append_only(None, databases=["default"])
    assert fault.id == "qingfeng.E010"
    assert "kernel_entry" in fault.msg


@pytest.mark.django_db
def test_a_trigger_that_was_watered_down_is_named() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE kernel_entry DISABLE TRIGGER kernel_entry_row_refused")
            name = "kernel_entry_row_refused"
        else:
            name = "kernel_entry_update_refused"
            cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON kernel_entry WHEN 0 BEGIN SELECT 1; END")
    assert append_only_tables.missing("default") == [name]


def test_nothing_is_checked_where_no_database_is_asked_for() -> None:
    assert checks.append_only(None, databases=None) == []
