"""Every act at the command line, with the options its declaration gives it."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.parser import Commands, Parser
from qingfeng.faces.cli.sign_in import actor_of, add_actor
from qingfeng.faces.cli.words import DONE, MISUSED, Trouble, option, table, tell
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.engine import StoredAct, perform
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.attachments.intake import receive
from qingfeng.kernel.matters.registry import acts_of, mechanisms, states_of
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.identification import told_apart
from qingfeng.kernel.people.models import Account, Jurisdiction
from qingfeng.kernel.reading import reads
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import SystemTime

INPUT = "input_"
"""Before the names of declared inputs, so that none can be mistaken for an option of ours."""
MOST_CHOICES = 500
NAMED = re.compile(r"([a-z0-9_]+)\.([a-z0-9_]+)")


def add(commands: Commands) -> None:
    """Hang the command in; its options are those of the act that the arguments name."""
    parser = commands.add("act", act, _("perform an act; without a name: every act there is"))
    offered = commands.add(
        "choices", choices, _("what you may name in an input of an act, with ids and codes")
    )
    offered.add_argument("act", metavar=say("ACT"), help=say("mechanism.act, such as rectification.assign"))
    offered.add_argument("input", metavar=say("INPUT"), help=say("such as responsible"))
    add_actor(offered)
    named = _named(commands.arguments)
    if named is None:
        parser.add_argument(
            "act", nargs="?", metavar=say("ACT"), help=say("mechanism.act, such as rectification.assign")
        )
        parser.set_defaults(declared=None)
        return
    parser.description = f"{named.label}: {say(named.doc)}"
    parser.add_argument("act", metavar=f"{named.matter.code}.{named.name}")
    if not named.opens:
        parser.add_argument("matter", type=int, metavar="ID", help=say("the matter's id, as “list” gives it"))
        parser.add_argument(
            "--version", type=int, help=say("the version you saw; refused when it has moved on since")
        )
    parser.add_argument(
        "--json", metavar=say("FILE"), help=say("the input as a JSON object; “-” reads standard input")
    )
    parser.add_argument("--key", default="", help=say("the same key with the same input is done only once"))
    add_actor(parser)
    for spec in named.inputs.fields:
        _add_input(parser, spec)
    parser.set_defaults(declared=named)


def act(given: argparse.Namespace) -> int:
    """Perform the act that was named, or list them all."""
    if given.declared is None:
        if given.act:
            raise Trouble(_("There is no such act."), _("“qingfeng act” lists them all."), MISUSED)
        _list_acts()
        return DONE
    declared: Act = given.declared
    raw = _input(given, declared)
    now = SystemTime().now()
    actor = actor_of(given, now)
    raw |= handed_in(declared, raw, actor, now)
    for words in reads.warned(declared, actor, now):
        tell(words)
    matter_id = None if declared.opens else given.matter
    version = None if declared.opens else given.version
    tell_done(perform(declared, actor, raw, now, matter_id=matter_id, version=version, key=given.key))
    return DONE


def tell_done(done: StoredAct) -> None:
    """Say what was done, and the entry by which it can be proved."""
    state = states_of(type(done.matter))[done.matter.state]
    tell(
        format_lazy(
            _("Done: {} · {} (ID {}, version {})"), done.matter, state, done.matter.pk, done.matter.version
        )
    )
    tell(format_lazy(_("Entry: {} {}"), done.entry, done.entry.hash))


def choices(given: argparse.Namespace) -> int:
    """List what a chooser offers the actor."""
    declared = declared_act(given.act)
    specs = {spec.name: spec for spec in declared.inputs.fields} if declared else {}
    spec = specs.get(given.input.replace("-", "_"))
    if spec is None or spec.kind not in ("pick", "choice"):
        raise Trouble(
            _("That act has no such input to choose for."), _("“qingfeng act” lists them all."), MISUSED
        )
    now = SystemTime().now()
    actor = actor_of(given, now)
    if actor.jurisdiction_id is None:
        raise Trouble(_("Nothing can be chosen without a jurisdiction."))
    scope = ActorScope(actor, actor.jurisdiction_id, day_of(now))
    if spec.kind == "pick":
        found = list(scope.candidates(spec)[:MOST_CHOICES])
        table(("ID", spec.label), zip((one.pk for one in found), told_apart(found, scope.on), strict=True))
    else:
        table((_("code"), spec.label), scope.codes(spec))
    return DONE


def declared_act(name: str) -> Act | None:
    """The act that is named mechanism.act; none where there is none."""
    found = NAMED.fullmatch(name)
    return acts_of(mechanisms()[found[1]]).get(found[2]) if found and found[1] in mechanisms() else None


def _named(arguments: Sequence[str]) -> Act | None:
    """The act the arguments name, when they are those of this command."""
    if "act" not in arguments:
        return None
    for word in arguments[arguments.index("act") + 1 :]:
        if NAMED.fullmatch(word):
            return declared_act(word)
    return None


def _add_input(parser: Parser, spec: InputField) -> None:
    settings: dict[str, Any] = {"dest": INPUT + spec.name, "default": argparse.SUPPRESS, "help": _help(spec)}
    if spec.kind == "flag":
        settings["action"] = argparse.BooleanOptionalAction
    elif spec.kind == "files":
        settings |= {"nargs": "+", "metavar": "FILE"}
    elif spec.kind == "choice" and spec.options:
        settings |= {"choices": [code for code, _label in spec.options]}
    else:
        settings["metavar"] = spec.kind.upper()
    parser.add_argument(option(spec.name), **settings)


def _help(spec: InputField) -> str:
    words = str(spec.label)
    if spec.kind == "rows":
        words += say(" (JSON list of objects with: %(names)s)") % {
            "names": ", ".join(row.name for row in spec.rows)
        }
    elif spec.kind == "choice" and spec.options:
        words += " (" + ", ".join(f"{code}: {label}" for code, label in spec.options) + ")"
    elif spec.kind == "day":
        words += say(" (as 2026-03-01)")
    elif spec.kind == "money":
        words += say(" (in yuan, such as 1,234.50 or 1.2万)")
    elif spec.kind == "pick":
        words += say(" (its id)")
    elif spec.kind == "row":
        words += say(" (its number, as “rows” gives it)")
    if spec.longest:
        words += say(" (at most %(longest)s characters)") % {"longest": spec.longest}
    if not spec.required or spec.given:
        words += say(" (not always asked for)")
    return words.replace("%", "%%")


def _input(given: argparse.Namespace, declared: Act) -> dict[str, Any]:
    raw: dict[str, Any] = _object(given.json) if given.json else {}
    for spec in declared.inputs.fields:
        if not hasattr(given, INPUT + spec.name):
            continue
        value = getattr(given, INPUT + spec.name)
        raw[spec.name] = _rows(spec, value) if spec.kind == "rows" else value
    return raw


def handed_in(declared: Act, raw: Mapping[str, Any], actor: Actor, now: datetime) -> dict[str, list[str]]:
    """Hand in the files that are named by path; what was handed in before stands under its id."""
    if actor.account_id is None or actor.jurisdiction_id is None:
        return {}
    account = Account.objects.get(pk=actor.account_id)
    jurisdiction = Jurisdiction.objects.get(pk=actor.jurisdiction_id)
    handed: dict[str, list[str]] = {}
    for spec in declared.inputs.fields:
        if spec.kind == "files" and isinstance(raw.get(spec.name), list):
            handed[spec.name] = []
            for named in raw[spec.name]:
                path = Path(str(named))
                if not path.is_file():
                    handed[spec.name].append(str(named))
                    continue
                with path.open("rb") as file:
                    received = receive(file, path.name, account, jurisdiction, now, path.stat().st_size)
                handed[spec.name].append(str(received.pk))
    return handed


def _rows(spec: InputField, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Trouble(
            format_lazy(_("{} wants JSON."), option(spec.name)), _('Such as [{"code": "01"}].'), MISUSED
        ) from None


def _object(source: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        found = json.loads(text)
    except OSError as fault:
        raise Trouble(
            format_lazy(_("{} can't be read: {}"), source, fault.strerror or ""), code=MISUSED
        ) from None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Trouble(_("The input is no JSON object."), _('It names each input: {"title": "…"}'), MISUSED)
    return found


def _list_acts() -> None:
    table(
        (_("act"), _("label"), _("by"), _("inputs")),
        [
            (
                f"{matter.code}.{declared.name}",
                declared.label,
                declared.by.sentence(),
                " ".join(option(spec.name) for spec in declared.inputs.fields),
            )
            for matter in mechanisms().values()
            for declared in acts_of(matter).values()
        ],
    )
