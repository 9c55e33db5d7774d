"""Filling an act from a sheet 表格导入: looked at with ``--check``, else done at once and whole.

An act with one group of rows has them filled from the sheet; an act that takes a sheet in whole is handed it.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli import acts
from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.sign_in import actor_of, add_actor
from qingfeng.faces.cli.words import DONE, MISUSED, REFUSED, Trouble, table, tell, tell_refusal
from qingfeng.kernel import sheets
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.engine import openings, options, perform, rehearse
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import SystemTime


def add(commands: Commands) -> None:
    """Hang the command in."""
    parser = commands.add("import", fill, _("fill an act from a workbook or .csv, all or nothing"))
    parser.add_argument("act", metavar=say("ACT"), help=say("mechanism.act, such as rectification.assign"))
    parser.add_argument("file", type=Path, metavar=say("FILE"), help=say("an .xlsx or .csv file"))
    parser.add_argument("--matter", type=int, metavar="ID", help=say("the matter's id, as “list” gives it"))
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="values",
        metavar=say("FIELD=VALUE"),
        help=say("another input of the act; may be given several times"),
    )
    parser.add_argument("--check", action="store_true", help=say("only say what is wrong; nothing is done"))
    parser.add_argument("--key", default="", help=say("the same key with the same input is done only once"))
    add_actor(parser)


def fill(given: argparse.Namespace) -> int:
    """Read the sheet, say what is wrong by row and column, and perform the act if nothing is."""
    declared = acts.declared_act(given.act)
    spec = (declared.inputs.sheet or declared.inputs.taken_in) if declared else None
    if declared is None or spec is None:
        raise Trouble(
            _("There is no such act that a sheet could fill."), _("“qingfeng act” lists them all."), MISUSED
        )
    if declared.opens != (given.matter is None):
        needs = (
            _("This act opens a matter; leave --matter out.")
            if declared.opens
            else _("Name it with --matter.")
        )
        raise Trouble(_("This act and --matter don't go together."), needs, MISUSED)
    now = SystemTime().now()
    actor = actor_of(given, now)
    matter = reads.one(actor, declared.matter.code, given.matter) if given.matter else None
    _guard(declared, actor, matter, now)
    place = matter.jurisdiction_id if matter else actor.jurisdictions[0]
    scope = ActorScope(actor, place, day_of(now))
    if spec.taken_in:
        return _hand_in(declared, spec, given, scope, now)
    found = sheets.table(_grid(given.file), spec.rows)
    taken = sheets.taken(found, spec.rows, scope)
    raw: dict[str, Any] = _others(declared, given.values) | {spec.name: taken.rows}
    raw |= acts.handed_in(declared, raw, actor, now)
    wrong = {f"{spec.name}.{at}": said for at, said in taken.wrong.items()}
    for line in found.told:
        tell(line)
    if wrong:
        return _faulty(Invalid(_all(declared, raw, scope, wrong)), spec, found.numbers)
    if given.check:
        return _rehearsed(declared, raw, scope, now, given.matter, found.numbers)
    try:
        done = perform(declared, actor, raw, now, matter_id=given.matter, key=given.key)
    except Invalid as refusal:
        return _faulty(refusal, spec, found.numbers)
    acts.tell_done(done)
    return DONE


def _hand_in(
    declared: Act, spec: InputField, given: argparse.Namespace, scope: ActorScope, now: datetime
) -> int:
    """Hand the sheet in whole; what is wrong with it the act's own look tells."""
    _demand_file(given.file)
    raw = _others(declared, given.values) | {spec.name: [str(given.file)]}
    raw |= acts.handed_in(declared, raw, scope.actor, now)
    if given.check:
        matter = rehearse(declared, scope.actor, raw, now, given.matter)
        for page in type(matter).pages:
            if page.told is not None:
                tell(page.label)
                tell(page.told(matter, scope.actor, now).model_dump_json(indent=1))
        tell(_("Nothing was done."))
        return DONE
    acts.tell_done(perform(declared, scope.actor, raw, now, matter_id=given.matter, key=given.key))
    return DONE


def _all(declared: Act, raw: dict[str, Any], scope: ActorScope, wrong: dict[str, Any]) -> dict[str, Any]:
    """What the cells and what the act has against them, in one pass."""
    try:
        declared.inputs.parse(raw, scope)
    except Invalid as refusal:
        return dict(refusal.fields) | wrong
    return wrong


def _rehearsed(
    declared: Act,
    raw: dict[str, Any],
    scope: ActorScope,
    now: datetime,
    matter_id: int | None,
    numbers: list[int],
) -> int:
    spec = declared.inputs.sheet
    assert spec is not None
    try:
        rehearse(declared, scope.actor, raw, now, matter_id)
    except Invalid as refusal:
        return _faulty(refusal, spec, numbers)
    tell(format_lazy(_("{} rows read, nothing wrong found. Nothing was done."), len(numbers)))
    return DONE


def _faulty(refusal: Invalid, spec: InputField, numbers: list[int]) -> int:
    faults, rest = sheets.placed(refusal.fields, spec, numbers)
    if faults:
        table(
            (_("Row"), _("Column"), _("What to do")),
            [(fault.row, fault.column, fault.sentence) for fault in faults],
        )
    if rest:
        tell_refusal(Invalid(rest))
    else:
        tell(_("Correct it in the sheet and choose it again. Nothing was stored."))
    return REFUSED


def _guard(declared: Act, actor: Actor, matter: Matter | None, now: Any) -> None:
    """Refuse before the sheet is read: who may not do the act learns nothing from its choices."""
    offered = openings(actor, now) if matter is None else options(actor, matter, now)
    decision = next(one.decision for one in offered if one.act is declared)
    if not decision:
        raise Barred(decision.reason, decision.clause, decision.remedy)


def _grid(path: Path) -> sheets.Book:
    _demand_file(path)
    return sheets.read(path, path.name)


def _demand_file(path: Path) -> None:
    if not path.is_file():
        raise Trouble(format_lazy(_("{} can't be read: {}"), path, say("no such file")), code=MISUSED)


def _others(declared: Act, values: list[str]) -> dict[str, Any]:
    """The other inputs by name; files by their paths."""
    kinds = {spec.name: spec.kind for spec in declared.inputs.fields}
    raw: dict[str, Any] = {}
    for written in values:
        name, equals, value = written.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise Trouble(_("--set wants FIELD=VALUE."), code=MISUSED)
        raw[name] = [*raw.get(name, []), value] if kinds.get(name) == "files" else value
    return raw
