"""How a benchmark says what it measured: medians with their spread, and each limit held or broken."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


def middle(values: Sequence[float]) -> str:
    """Median and, in brackets, the least and the most."""
    return f"{statistics.median(values):.4g} [{min(values):.4g}–{max(values):.4g}]"


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 stay at or below."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


@dataclass
class Verdict:
    """Limits and whether they hold; ``leave`` ends the process with 1 when one is broken."""

    broken: list[str] = field(default_factory=list)

    def least(self, name: str, value: float, limit: float) -> None:
        """What must not be smaller than its limit."""
        self._say(name, value, limit, "≥", value >= limit)

    def most(self, name: str, value: float, limit: float) -> None:
        """What must not be larger than its limit."""
        self._say(name, value, limit, "≤", value <= limit)

    def _say(self, name: str, value: float, limit: float, sign: str, holds: bool) -> None:
        if not holds:
            self.broken.append(name)
        print(f"{'holds ' if holds else 'BROKEN'} {name}: {value:.3g} (limit {sign} {limit:g})", flush=True)

    def leave(self) -> None:
        """End the process: 0 when every limit held, else 1."""
        raise SystemExit(1 if self.broken else 0)


def processor(backend: int) -> float:
    """Seconds of processor time that this process and a server's backend have used: what a busy machine doesn't stretch."""
    used = Path(f"/proc/{backend}/schedstat").read_text().split()[0]
    return time.process_time() + int(used) / 1e9


def machine() -> None:
    """Say what it was measured on: cores, memory, and how busy it was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{os.cpu_count()} cores, {memory:.0f} GiB; load {os.getloadavg()[0]:.1f}", flush=True)
