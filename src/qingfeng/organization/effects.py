"""What changes when a regime is put in force, or ends 制度变动的影响: told before two people decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.matters.registry import clocks_of, mechanisms
from qingfeng.kernel.regime.document import Document, load
from qingfeng.kernel.regime.policy import Place, Policy, document_of, ordered, place_of
from qingfeng.kernel.regime.stack import IncomparableValues, NoValue, Stack, ValueInForce
from qingfeng.kernel.regime.tree import BadDocument
from qingfeng.kernel.regime.value_words import origin_words, value_words
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import PARAMETERS, Matter, Parameter
from qingfeng.organization.numbers import unconfirmed

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor
    from qingfeng.organization.activation import Activation
    from qingfeng.organization.regime_end import RegimeEnd

Standing = Mapping[Place, Document]


def of_activation(matter: Activation, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """What a proposed regime would change on the day it is to be in force."""
    if matter.closed:
        return {"closed": True}
    today = day_of(now)
    policy = Policy(matter.jurisdiction_id, max(matter.since or today, today))
    try:
        document = load(matter.text.encode(), matter.title, PARAMETERS, mechanisms())
    except BadDocument as fault:
        return {"fault": fault.told(say)}
    english = (get_language() or "").startswith("en")
    place = place_of(matter.jurisdiction.path, document)
    before = _standing(policy)
    told = _told(policy, before, {**before, place: document})
    return {
        **told,
        "carries": matter.carries,
        "replaced": before[place].title if place in before else "",
        "unconfirmed": unconfirmed(policy, document, policy.on),
        "noted": [(one.en if english else one.zh, one.source.quote) for one in document.noted],
    }


def of_end(matter: RegimeEnd, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """What the end of a regime would change on its day."""
    if matter.closed:
        return {"closed": True}
    policy = Policy(matter.jurisdiction_id, max(matter.on, day_of(now)))
    before = _standing(policy)
    after = {place: document for place, document in before.items() if not matter.ends(place, document)}
    return _told(policy, before, after) | {"carries": matter.carries}


def _standing(policy: Policy) -> dict[Place, Document]:
    return {place: document_of(digest) for place, digest in policy.standing.items()}


def _told(policy: Policy, before: Standing, after: Standing) -> dict[str, Any]:
    """The values that change, the mechanisms that open or close, and what is open under them."""
    old, new = Stack(ordered(before)), Stack(ordered(after))
    running = _running(policy)
    values = []
    for parameter in PARAMETERS:
        then, now = _at(new, parameter, policy), _at(old, parameter, policy)
        if _shown(then, parameter) != _shown(now, parameter):
            values.append(
                {
                    "label": parameter.label,
                    "now": _shown(now, parameter),
                    "now_by": _by(now, policy),
                    "then": _shown(then, parameter),
                    "then_by": _by(then, policy),
                    "clocks": running.get(parameter.name, 0),
                }
            )
    opened, shut = [], []
    for cls in mechanisms().values():
        was, will = old.enables(cls.code), new.enables(cls.code)
        if will and not was:
            opened.append(cls._meta.verbose_name_plural)
        elif was and not will:
            shut.append((cls._meta.verbose_name_plural, _open(policy, cls)))
    return {"on": policy.on, "values": values, "opened": opened, "shut": shut}


def _at(stack: Stack, parameter: Parameter, policy: Policy) -> ValueInForce | IncomparableValues | None:
    try:
        return stack.value(parameter, policy.on)
    except NoValue:
        return None
    except IncomparableValues as fault:
        return fault


def _shown(found: ValueInForce | IncomparableValues | None, parameter: Parameter) -> str:
    if isinstance(found, IncomparableValues):
        return found.told(say)
    return value_words(found.value, parameter) if found else str(_("nothing"))


def _by(found: ValueInForce | IncomparableValues | None, policy: Policy) -> str:
    if not isinstance(found, ValueInForce):
        return ""
    return f"{found.source.said} · {origin_words(found, policy.jurisdiction.code)}"


def _running(policy: Policy) -> dict[str, int]:
    """How many time limits run, by the parameter they began under."""
    found: dict[str, int] = {}
    for mechanism, name, limit in _limited():
        count = Running.objects.filter(
            matter__jurisdiction__path__startswith=policy.jurisdiction.path,
            matter__mechanism=mechanism,
            name=name,
            stopped_at=None,
            expired_at=None,
        ).count()
        found[limit] = found.get(limit, 0) + count
    return found


def _limited() -> Iterator[tuple[str, str, str]]:
    for cls in mechanisms().values():
        for clock in clocks_of(cls).values():
            if clock.limit is not None:
                yield cls.code, clock.name, clock.limit.name


def _open(policy: Policy, cls: type[Matter]) -> int:
    path = policy.jurisdiction.path
    return cls._default_manager.filter(jurisdiction__path__startswith=path, closed=False).count()
