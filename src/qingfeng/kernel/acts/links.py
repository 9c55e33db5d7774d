"""Links 关联, events 事件 and opening 联动开办: the channels between mechanisms that never import each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words


@dataclass(frozen=True)
class Event:
    """Something that happened and that others may listen to 事件, with the names of what it carries."""

    name: str
    label: Words
    carries: tuple[str, ...] = ()


Listener = Callable[[Mapping[str, Any], datetime], None]
LISTENERS: dict[str, list[Listener]] = {}


def listen(event_name: str) -> Callable[[Listener], Listener]:
    """Have a function called, by the worker, with each event of a name; it acts as the system, through the engine."""

    def register(listener: Listener) -> Listener:
        LISTENERS.setdefault(event_name, []).append(listener)
        return listener

    return register


@dataclass(frozen=True)
class LinkKind:
    """A kind of link 关联类型: its code, and in words why two matters belong together."""

    code: str
    label: Words


KINDS: dict[str, LinkKind] = {}


def link_kind(code: str, label: Words) -> LinkKind:
    """Declare a kind of link. Raises ``Misdeclared`` for a second one of a code."""
    if code in KINDS:
        raise Misdeclared(f"there is a kind of link {code} already")
    return KINDS.setdefault(code, LinkKind(code, label))


def label_of(code: str) -> Words:
    """The label of a kind of link; the code itself where a mechanism that declared it is gone."""
    return KINDS[code].label if code in KINDS else code


ORIGIN = link_kind("origin", _("opened from it"))


class Link(models.Model):
    """A typed link from one matter to another 关联: opened from, a rebound of, appealed against."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="links")
    source = models.ForeignKey("kernel.Matter", models.PROTECT, related_name="links_out")
    target = models.ForeignKey("kernel.Matter", models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=40)

    append_only: ClassVar[bool] = True


def checked(event: Event, carried: Mapping[str, Any]) -> dict[str, Any]:
    """What an event carries, exactly as declared. Raises ``Misdeclared``."""
    if set(carried) != set(event.carries):
        raise Misdeclared(f"{event.name} carries {event.carries}, not {tuple(carried)}")
    return dict(carried)
