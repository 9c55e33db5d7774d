"""What each mechanism's own tests take: `pytest -p tests.weighed` tells it, in seconds of the processor.

Its own are those in its folder, its scenario and its walks. PostgreSQL's part, done by another process, is not in it.
"""

import json
import re
import resource
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

TAKEN = "weighed"
"""Under this name a worker of xdist hands over what it took."""
NAMES = {
    path.name for path in (Path(__file__).parents[1] / "src" / "qingfeng" / "mechanisms").glob("*/[!_]*/")
}
ELSEWHERE = "(all other tests)"
taken: Counter[str] = Counter()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    before = _processor()
    try:
        return (yield)
    finally:
        taken[_whose(item.nodeid)] += _processor() - before


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[TAKEN] = json.dumps(taken)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    taken.update(json.loads(getattr(node, "workeroutput", {}).get(TAKEN, "{}")))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("seconds of the processor, by mechanism")
    for name, seconds in sorted(taken.items(), key=lambda one: -one[1]):
        terminalreporter.write_line(f"{seconds / 1000:8.1f}  {name}")


def _processor() -> int:
    """Milliseconds that this process and those it waited for took."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(1000 * sum(one.ru_utime + one.ru_stime for one in used))


def _whose(test: str) -> str:
    """The mechanism whose own test it is, by where it stands or which matters it walks."""
    if found := re.match(r"tests/(?:mechanisms/\w+/(?=\w+/)|scenarios/test_)(\w+)", test):
        return found[1] if found[1] in NAMES else ELSEWHERE
    if found := re.match(r"tests/walk/.*\[(\w+)\]", test):
        # A plugin is there before Django's settings are.
        from qingfeng.kernel.matters.registry import mechanisms

        declared = mechanisms().get(found[1])
        parts = set(declared.__module__.split(".")) if declared else set()
        return next(iter(parts & NAMES), ELSEWHERE)
    return ELSEWHERE
