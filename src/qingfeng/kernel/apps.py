"""The kernel as a Django app: what is resolved, checked and installed when it starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    """Resolves every declaration at start-up, so that a faulty one stops the start and not an act."""

    name = "qingfeng.kernel"
    label = "kernel"
    verbose_name = _("Kernel")

    def ready(self) -> None:
        from qingfeng.kernel import checks as own
        from qingfeng.kernel.matters.registry import acts_of, mechanisms

        for matter in mechanisms().values():
            for act in acts_of(matter).values():
                assert act.inputs is not None
        checks.register(own.declarations)
        checks.register(own.append_only, checks.Tags.database)
        checks.register(own.keys, checks.Tags.database)
        post_migrate.connect(_installed, sender=self)


def _installed(using: str, plan: Sequence[Any], **_rest: Any) -> None:
    from qingfeng.kernel.reading import kept_figures
    from qingfeng.kernel.record import append_only_tables

    append_only_tables.install(using)
    if plan:
        kept_figures.forget(using)
