"""What the next versions have to go on reading: landed migrations, and every code that rows and files bear."""

import hashlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from django.apps import apps

Codes = dict[str, list[str]]
Declared = TypeVar("Declared")


def migrations() -> dict[str, str]:
    """The digest of each migration that this version ships, by app and name: folders may move, apps don't."""
    return {
        f"{app.label}.{file.stem}": hashlib.sha256(file.read_bytes()).hexdigest()
        for app in apps.get_app_configs()
        if app.name.startswith("qingfeng.")
        for file in sorted((Path(app.path) / "migrations").glob("0*.py"))
    }


def codes() -> Codes:
    """Every code that this version stores, by its kind; but for those of papers, which only a database names."""
    from qingfeng.kernel.acts.links import KINDS, Event
    from qingfeng.kernel.ledger.upgrade_check import listed
    from qingfeng.kernel.matters.registry import acts_of, clocks_of, mechanisms, states_of
    from qingfeng.kernel.people.role import Role
    from qingfeng.kernel.record.books import BookKind
    from qingfeng.kernel.record.facts import FactKind
    from qingfeng.kernel.regime.policy import PARAMETERS
    from qingfeng.kernel.sealing.retention import CLASSES
    from qingfeng.kernel.time.duties import DUTIES

    matters = mechanisms()
    acts = [act for matter in matters.values() for act in acts_of(matter).values()]
    found = {
        "acts": (f"{act.matter.code}.{act.name}" for act in acts),
        "books": (kind.name for kind in _declared(BookKind)),
        "classes": listed(),
        "clocks": (f"{code}.{name}" for code, matter in matters.items() for name in clocks_of(matter)),
        "contracts": (act.provides for act in acts if act.provides),
        "duties": DUTIES,
        "events": (event.name for event in _declared(Event)),
        "facts": (kind.name for kind in _declared(FactKind)),
        "links": KINDS,
        "parameters": (parameter.name for parameter in PARAMETERS),
        "retention": CLASSES,
        "roles": Role.values,
        "series": (f"{matter.code} {matter.series}" for matter in matters.values()),
        "states": (f"{code}.{name}" for code, matter in matters.items() for name in states_of(matter)),
    }
    return {kind: sorted(set(some)) for kind, some in found.items()}


def papers() -> list[str]:
    """The codes of papers whose wording some act of this database put into force."""
    from qingfeng.kernel.papers.models import PaperTemplate

    return sorted(set(PaperTemplate.objects.values_list("code", flat=True)))


def _declared(kind: type[Declared]) -> Iterator[Declared]:
    """What modules and classes of this project declare of a kind."""
    modules = [module for name, module in sys.modules.items() if name.startswith("qingfeng.")]
    for place in [
        *modules,
        *(one for module in modules for one in vars(module).values() if inspect.isclass(one)),
    ]:
        yield from (one for one in list(vars(place).values()) if isinstance(one, kind))
