"""Work on what a stranger sent, in a process apart 隔离处理: so much processor, so much memory, and no more.

A file decides how long its reader takes; a process of its own takes none of that from those who answer. It
has no settings and no database, and starts in a tenth of a second since it never loads Django's models. It
guards time and memory; whoever breaks out of a decoder has the powers of the account that runs the program.
"""

from __future__ import annotations

import importlib
import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Invalid

P = ParamSpec("P")
T = TypeVar("T")

TOO_MUCH = _(
    "This file takes too much work to look through; save it anew in a simpler form, or in smaller parts, "
    "and attach that."
)
PATIENCE = 10
"""How many times its seconds of processor a process may take by the clock, on a machine with more to do."""
BARE = ("qingfeng.kernel.attachments", "qingfeng.kernel.sheets")
"""Packages whose own module brings in Django's models; a process apart wants their parts alone."""
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
"""What a process apart is told of the environment; secrets are not among it."""
REFUSED, WORN_OUT = 3, 4


@dataclass(frozen=True)
class ProcessLimits:
    """What a process may use: seconds of processor, and megabytes beyond what it stands on when it begins."""

    seconds: int
    megabytes: int


INSPECTION = ProcessLimits(seconds=2, megabytes=64)
"""What looking through one file may cost."""


def apart(limits: ProcessLimits, job: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Run a function of a module in a process of its own; returns what it returned.

    :raises Invalid: under ``file``: what the function refused, or that it took more than the limits
    :raises RuntimeError: the function failed of itself, with its traceback
    """
    order = pickle.dumps((limits, job.__module__, job.__qualname__, pickle.dumps((given, named))))
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", __name__],
            input=order,
            capture_output=True,
            env=environment,
            timeout=PATIENCE * limits.seconds,
        )
    except subprocess.TimeoutExpired:
        raise Invalid({"file": [TOO_MUCH]}) from None
    if done.returncode == REFUSED:
        raise Invalid(pickle.loads(done.stdout))
    if done.returncode < 0 or done.returncode == WORN_OUT:
        raise Invalid({"file": [TOO_MUCH]})
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    result: T = pickle.loads(done.stdout)
    return result


def _main() -> int:
    limits, module, name, sent = pickle.load(sys.stdin.buffer)
    for package in BARE:
        spec = find_spec(package)
        assert spec is not None
        sys.modules[package] = module_from_spec(spec)
    job: Callable[..., Any] = getattr(importlib.import_module(module), name)
    given, named = pickle.loads(sent)
    _hold_to(limits)
    try:
        result = pickle.dumps(job(*given, **named))
    except MemoryError:
        return WORN_OUT
    except Invalid as refusal:
        sys.stdout.buffer.write(pickle.dumps(refusal.fields))
        return REFUSED
    sys.stdout.buffer.write(result)
    return 0


def _hold_to(limits: ProcessLimits) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + (limits.megabytes << 20)
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + limits.seconds
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    # What was in the file does not go to a dump on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(_main())
