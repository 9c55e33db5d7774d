"""`health`."""

from __future__ import annotations

import argparse
import json

from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.health.examination import illnesses
from qingfeng.faces.cli.health.probes import PROBES
from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.words import DONE, REFUSED, tell
from qingfeng.kernel.time.timekeeper import SystemTime


def add(commands: Commands) -> None:
    """Hang the command in."""
    parser = commands.add("health", health, _("say what is ill with this installation; writes nothing"))
    parser.add_argument("--json", action="store_true", help=say("as JSON, for a monitor"))


def health(given: argparse.Namespace) -> int:
    """Look at everything once; the exit code is 0 when all is well, 1 when something is ill."""
    now = SystemTime().now()
    found = list(illnesses(PROBES, now))
    if given.json:
        told = {
            "at": now.isoformat(timespec="seconds"),
            "well": sorted({probe.name for probe in PROBES} - {one.probe for one in found}),
            "ill": [{"probe": one.probe, "words": one.words} for one in found],
        }
        tell(json.dumps(told, ensure_ascii=False))
    else:
        for one in found:
            tell(f"{one.probe}: {one.words}")
        tell(format_lazy(_("{} things are ill."), len(found)) if found else _("All is well."))
    return REFUSED if found else DONE
