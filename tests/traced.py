"""Which lines and branches the tests reach: `pytest -p tests.traced` tells it, and fails below the floor of pyproject.toml.

By slipcover, whose probes are in the code itself: with CPython 3.11 it takes a tenth longer, not twice as long.
"""

import json
from typing import Any

import pytest
import slipcover
from slipcover.config import read_config
from slipcover.slipcover import add_summaries, merge_coverage, print_coverage

REACHED = "traced"
"""Under this name a worker of xdist hands over what it reached."""


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    # A probe is put in when a module is loaded: before any of ours is, as pytest-django does with the settings.
    early_config.pluginmanager.register(Tracing(read_config()))


class Tracing:
    """The probes of this process, and what it or its workers reached."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.floor: float = said["fail-under"]
        self.probes = slipcover.Slipcover(
            branch=True,
            source=said["source"],
            omit=said["omit"],
            exclude_also=said["exclude-also"],
            # Never taken out again: that would look through all modules while other threads run.
            d_miss_threshold=-1,
        )
        slipcover.ImportManager(self.probes, slipcover.FileMatcher(said["source"], said["omit"])).__enter__()
        self.reached: dict[str, Any] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        # A worker that died hands over nothing, and has failed the run.
        if handed := getattr(node, "workeroutput", {}).get(REACHED):
            self._add(json.loads(handed))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        own = self.probes.get_coverage()
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[REACHED] = json.dumps(own)
            return
        self._add(own)
        if not session.exitstatus and self.reached["summary"]["percent_covered"] < self.floor:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        print_coverage(self.reached, outfile=terminalreporter, skip_covered=True)
        of = self.reached["summary"]["percent_covered"]
        terminalreporter.write_line(
            f"{of:.1f} % of lines and branches are reached, {self.floor:g} % are asked for"
        )

    def _add(self, reached: dict[str, Any]) -> None:
        if self.reached:
            merge_coverage(self.reached, reached)
            add_summaries(self.reached)
        else:
            self.reached = reached
