"""Coverage 核验范围: which tables verification holds against the ledger, so that none is forgotten.

Matters and what is ``recorded`` (registers, accounts, …) are covered by themselves. Any other class says in ``no_record``
why it need not be; docs/kernel/ledger.md has them all in one table.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from qingfeng.kernel.matters.models import Matter

HELD = frozenset(
    {
        "kernel.access",
        "kernel.batchrow",
        "kernel.book",
        "kernel.bookentry",
        "kernel.checkpoint",
        "kernel.entry",
        "kernel.fact",
        "kernel.fieldlist",
        "kernel.historynode",
        "kernel.journalentry",
        "kernel.journalhead",
        "kernel.leaf",
        "kernel.link",
        "kernel.numberseries",
        "kernel.paper",
        "kernel.paperapproval",
        "kernel.restatement",
        "kernel.running",
        "kernel.sealedvalue",
        "kernel.seat",
        "kernel.signingkey",
        "kernel.step",
    }
)
"""The kernel's own tables that ``verify`` holds against entries, journal or heads, each in a way of its own."""

FOREIGN = ("django.", "django_otp.", "axes.")
"""What others made to let people in; nothing of it is a record."""


def covered(model: type[models.Model]) -> bool:
    """Whether verification holds the rows of a class against the ledger."""
    return issubclass(model, Matter) or getattr(model, "recorded", False) or model._meta.label_lower in HELD


def uncovered(models_there: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """The classes that nothing covers and that do not say why."""
    return [
        model
        for model in models_there
        if not (
            covered(model) or bool(getattr(model, "no_record", "")) or model.__module__.startswith(FOREIGN)
        )
    ]
