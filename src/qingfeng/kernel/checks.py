"""Fail closed 启动自检: what must hold before anything is served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldError
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.translation import override

from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.inputs import HAS_ACCOUNT
from qingfeng.kernel.guards import Guard, Holds, Office, Outside
from qingfeng.kernel.guards.base import All, Either
from qingfeng.kernel.ledger.coverage import uncovered
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms, states_of
from qingfeng.kernel.matters.states import ANY, NEW
from qingfeng.kernel.matters.unit_holders import unsaid
from qingfeng.kernel.people.outside import OutsideParty
from qingfeng.kernel.people.role import ADMINISTRATORS
from qingfeng.kernel.reading.rows import rows_of
from qingfeng.kernel.record import append_only_tables
from qingfeng.kernel.record.goals import PersonalGoal
from qingfeng.kernel.record.registers import Salted
from qingfeng.kernel.sealing import custody
from qingfeng.kernel.sealing.keystore import KeysMissing
from qingfeng.kernel.sealing.retention import CLASSES, RECORDS
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.duties import DUTIES


def declarations(app_configs: Sequence[AppConfig] | None, **_rest: Any) -> list[CheckMessage]:
    """Every act has a guard and a translated label, every state can be reached, every matter is whole."""
    faults = [fault for matter in mechanisms().values() for fault in _matter_faults(matter)]
    return [*faults, *_duty_faults(), *_coverage_faults(), *_succession_faults()]


def append_only(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Every append-only table has its triggers, as they were written."""
    return [
        Error(
            f"The trigger {name} is missing or altered.",
            hint="Run 'qingfeng migrate'; if it comes back, ask who changed the database.",
            id="qingfeng.E010",
        )
        for using in options["databases"] or ()
        for name in append_only_tables.missing(using)
    ]


def keys(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Every key is there that the data were sealed or signed with."""
    return [
        Error(str(words), hint=str(KeysMissing(words).remedy), id="qingfeng.E045")
        for words in (custody.faults() if options["databases"] else ())
    ]


def _matter_faults(matter: type[Matter]) -> Iterator[CheckMessage]:
    if not isinstance(getattr(matter, "reads", None), Guard) or not matter.code or not matter.series:
        yield _fault(matter, "lacks code, series or reads", 1)
        return
    if matter.series[-1].isdecimal():
        yield _fault(matter, "has a series that ends in a digit, so that its numbers can't be read", 32)
    if matter.retention not in RECORDS:
        yield _fault(matter, "keeps its prose without a retention class", 11)
    acts = acts_of(matter)
    for act in acts.values():
        yield from _act_faults(matter, act)
    reached = {state.code for act in acts.values() for state in act.targets}
    for state in states_of(matter).values():
        if state.code not in reached:
            yield _fault(matter, f"never reaches the state “{state.code}”", 2)
        if not translated(state.label):
            yield _fault(matter, f"has no Chinese for the state “{state.code}”", 3)
    if not any(act.opens for act in acts.values()):
        yield _fault(matter, "has no act that opens it", 4)
    if not matter.ground:
        for where, guard in (("reading", matter.reads), *((act.name, act.by) for act in acts.values())):
            for role in sorted(ADMINISTRATORS.intersection(_roles(guard))):
                yield _fault(matter, f"opens {where} to the {role}, who sees no content", 19)
    yield from _party_faults(matter)
    yield from _statistic_faults(matter)
    yield from _page_faults(matter)
    yield from _rows_faults(matter)
    yield from _goal_faults(matter)
    yield from _burden_faults(matter)


def _roles(guard: object) -> Iterator[str]:
    """The roles a guard lets through; what is turned round lets nobody through."""
    if isinstance(guard, All | Either):
        for part in guard.parts:
            yield from _roles(part)
    elif isinstance(guard, Office | Holds):
        yield guard.role


def _act_faults(matter: type[Matter], act: Act) -> Iterator[CheckMessage]:
    if not isinstance(act.by, Guard):
        yield _fault(matter, f"lets “{act.name}” be done without a guard", 5)
    if not act.doc:
        yield _fault(matter, f"does not say what “{act.name}” is for", 6)
    if not act.label or not translated(act.label):
        yield _fault(matter, f"has no label in Chinese for “{act.name}”", 7)
    if act.touch and (act.opens or act.inputs.fields):
        yield _fault(matter, f"asks for input in “{act.name}”, which is done with one touch", 20)
    for spec in act.inputs.fields:
        if spec.sealed is not None and spec.sealed not in CLASSES:
            yield _fault(matter, f"seals “{spec.name}” of “{act.name}” without a retention class", 11)
        if not translated(spec.label):
            yield _fault(matter, f"has no label in Chinese for the input “{spec.name}” of “{act.name}”", 8)
    for state in act.sources:
        if state.final and state not in (NEW, ANY) and not act.targets:
            yield _fault(matter, f"lets “{act.name}” stay in the final state “{state.code}”", 9)


def _party_faults(matter: type[Matter]) -> Iterator[CheckMessage]:
    acts = acts_of(matter).values()
    asked = {name for act in acts if act.owed for name in _parties(act.by)}
    for act in acts:
        for spec in act.inputs.fields:
            if spec.name in asked and spec.model is OutsideParty and HAS_ACCOUNT not in spec.narrowing:
                yield _fault(matter, f"asks a “{spec.name}” of “{act.name}” who may have no account", 37)


def _parties(guard: object) -> Iterator[str]:
    """The fields by which a guard lets a party outside the staff through."""
    if isinstance(guard, All | Either):
        for part in guard.parts:
            yield from _parties(part)
    elif isinstance(guard, Outside):
        yield guard.field


def _statistic_faults(matter: type[Matter]) -> Iterator[CheckMessage]:
    names = [one.name for one in matter.statistics]
    for one in matter.statistics:
        if names.count(one.name) > 1:
            yield _fault(matter, f"has more than one statistic “{one.name}”", 14)
        if not all(map(translated, (one.label, *(column.label for column in one.columns)))):
            yield _fault(matter, f"has no Chinese for the statistic “{one.name}” or a column of it", 15)


def _page_faults(matter: type[Matter]) -> Iterator[CheckMessage]:
    names = [one.name for one in matter.pages]
    for one in matter.pages:
        if names.count(one.name) > 1:
            yield _fault(matter, f"has more than one page “{one.name}”", 16)
        if not translated(one.label):
            yield _fault(matter, f"has no Chinese for the page “{one.name}”", 17)
        try:
            get_template(one.template)
        except TemplateDoesNotExist:
            yield _fault(matter, f"has no template “{one.template}” for the page “{one.name}”", 18)
        if one.script and finders.find(one.script) is None:
            yield _fault(matter, f"has no static file “{one.script}” for the page “{one.name}”", 18)


def _rows_faults(matter: type[Matter]) -> Iterator[CheckMessage]:
    pages = {one.name for one in matter.pages}
    for one in rows_of(matter).values():
        if not one.drawn_on and one.name in pages:
            yield _fault(matter, f"has more than one page “{one.name}”", 16)
        if one.drawn_on and one.drawn_on not in pages:
            yield _fault(matter, f"has no page “{one.drawn_on}” for the rows “{one.name}”", 18)
        told = (one.label, *(column.label for column in one.columns), *(state.label for state in one.states))
        if not all(map(translated, told)):
            yield _fault(matter, f"has no Chinese for the rows “{one.name}”, a column or a state of them", 17)


def _burden_faults(matter: type[Matter]) -> Iterator[CheckMessage]:
    burden = matter.asks
    if burden is None:
        return
    acts = {f"{one.code}.{act}" for one in mechanisms().values() for act in acts_of(one)}
    if not acts.issuperset(burden.by) or (burden.act and burden.act not in acts_of(matter)):
        yield _fault(matter, "says that an act asks something of units, and there is no such act", 35)
    try:
        matter._default_manager.filter(
            **{f"{burden.unit}__jurisdiction": 0, f"{burden.told or burden.unit}__code": ""}
        )
        matter._default_manager.filter(**{f"{burden.on}__isnull": True})
    except FieldError:
        yield _fault(matter, "asks something of units or on a day that no field of it names", 36)


def _duty_faults() -> Iterator[CheckMessage]:
    contracts = [act.provides for matter in mechanisms().values() for act in acts_of(matter).values()]
    for duty in DUTIES.values():
        if contracts.count(duty.opens) != 1:
            yield Error(f"The duty {duty.code} opens nothing, or more than one thing.", id="qingfeng.E012")
        if not translated(duty.label):
            yield Error(f"The duty {duty.code} has no label in Chinese.", id="qingfeng.E013")


def _goal_faults(matter: type[Matter]) -> Iterator[CheckMessage]:
    if issubclass(matter, PersonalGoal) and not (
        hasattr(matter, "goal") and any(duty.opens == f"{matter.code}.open" for duty in DUTIES.values())
    ):
        yield _fault(matter, "has no goal, or no duty that opens it", 33)


def _coverage_faults() -> Iterator[CheckMessage]:
    for model in uncovered(apps.get_models(include_auto_created=True)):
        yield Error(
            f"Nothing verifies the rows of {model._meta.label}.",
            hint="Make it a register, or say in “no_record” why it is no record (docs/kernel/ledger.md).",
            obj=model,
            id="qingfeng.E030",
        )
    for model in apps.get_models():
        if getattr(model, "personal", {}) and not issubclass(model, Salted):
            yield Error(
                f"{model._meta.label} has personal values without a salt.", obj=model, id="qingfeng.E031"
            )


def _succession_faults() -> Iterator[CheckMessage]:
    for what, fault, remedy in unsaid():
        yield Error(f"{what} {fault}.", hint=remedy, id="qingfeng.E034")


def translated(words: Words) -> bool:
    """Whether words have a Chinese of their own."""
    if not isinstance(words, Promise):
        return any("一" <= character <= "鿿" for character in words)
    with override("en"):
        english = str(words)
    with override("zh-hans"):
        return str(words) != english


def _fault(matter: type[Matter], words: str, number: int) -> Error:
    return Error(f"{matter.__name__} {words}.", obj=matter, id=f"qingfeng.E{number:03}")
