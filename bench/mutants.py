"""Whether the tests see a rule that was changed: ``python -m bench.mutants [GROUP …] [--each 120] [--seed 1]``.

Limit: of the mutants of guards, clocks, books, ledger and scoring, at least 90 % are killed, group by group.

A mutant is one function with one thing in it changed: a comparison, an operator, a condition turned round, a number one
larger, a statement left out, nothing returned. It lives in a process of its own, beside the tests that run the
function at all, the quickest first; the first that fails has killed it. So the tests are collected, and the cast is
founded, once. Survivors are named with line and change: a test that misses, or a line that makes no difference.

What kills has to be the mutant: all tests pass beside none, and so does each row of tests that killed, run again by
itself. Left out is what can't be told apart: what compiles to the same code, what only a type checker reads, a body
that is only there to be overridden.
"""

from __future__ import annotations

import argparse
import ast
import copy
import gc
import os
import random
import shutil
import signal
import sys
import threading
import time
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from bench import figures

KILLED = 0.9
ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "qingfeng"
LONGEST = 60
"""Seconds that all tests of one mutant may take, beyond four times what they took without it; a loop is killed too."""


@dataclass(frozen=True)
class Group:
    """What is changed, and the tests that answer for it; paths from ``src/qingfeng`` and from ``tests``.

    Toys first: the first test that needs the database founds it, and the others' has no tables for them.
    """

    source: Sequence[str]
    tests: Sequence[str]
    settings: str = "tests.settings"


TOYS = "tests.toys.settings"
WALKED = "test_everyone_may_do_and_read_what_the_table_says_and_nothing_else"
GROUPS = {
    "guards": Group(
        ("kernel/guards",),
        (
            *("kernel/guards", "kernel/acts/test_on_step.py", "kernel/test_set_over.py"),
            *(f"walk/test_walk.py::{WALKED}[{code}]" for code in ("confirmed_numbers", "expenses")),
        ),
    ),
    "clocks": Group(
        ("kernel/time",),
        (
            *("toys/test_recurring.py", "toys/test_each.py", "kernel/time", "kernel/test_clocks.py"),
            *("kernel/test_limits.py", "kernel/test_recount.py"),
        ),
        TOYS,
    ),
    "books": Group(
        ("kernel/record/books.py",),
        (
            *("toys/test_books.py", "kernel/test_books.py"),
            "mechanisms/restraint/reception/test_books_hold.py",
        ),
        TOYS,
    ),
    "ledger": Group(
        ("kernel/ledger",), ("kernel/ledger", "kernel/test_checks.py", "kernel/baddays", "faces/cli")
    ),
    "scoring": Group(("assessment/engine",), ("assessment",)),
}

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
REPLACED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Pow: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One function with one thing changed: its file and first line, the line changed, what was done, the new code."""

    file: str
    function: str
    first: int
    line: int
    done: str
    code: types.CodeType


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of the functions of a module; nested ones belong to the function around them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unchanged = compile(tree, str(path), "exec")
    for function in _functions(tree):
        if _to_be_overridden(function):
            continue
        # What stands in a default, a decorator or an annotation is no part of the code, and leaves it the same.
        old = _code(unchanged, function)
        seen = {_substance(old)}
        typed = {inner for one in ast.walk(function) if _only_typed(one) for inner in ast.walk(one)}
        for place, node in enumerate(ast.walk(function)):
            for done, change in _changes(node) if node not in typed else ():
                changed = copy.deepcopy(tree)
                other = next(one for one in _functions(changed) if one.lineno == function.lineno)
                change(list(ast.walk(other))[place])
                ast.fix_missing_locations(changed)
                code = _code(compile(changed, str(path), "exec"), function)
                # A function takes no code that uses more or fewer names of what is around it (``super()`` left out).
                if _substance(code) not in seen and code.co_freevars == old.co_freevars:
                    seen.add(_substance(code))
                    line = getattr(node, "lineno", function.lineno)
                    yield Mutant(str(path), code.co_qualname, code.co_firstlineno, line, done, code)


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef | ast.If):
            yield from _functions(node)


def _to_be_overridden(function: ast.FunctionDef) -> bool:
    """Whether a body does nothing but to say that it is another's to write."""
    match function.body[-1]:
        case ast.Raise(exc=ast.Name("NotImplementedError") | ast.Call(func=ast.Name("NotImplementedError"))):
            return all(isinstance(one, ast.Expr) for one in function.body[:-1])
    return False


def _only_typed(node: ast.AST) -> bool:
    match node:
        case ast.If(test=ast.Name("TYPE_CHECKING")):
            return True
    return False


def _substance(code: types.CodeType) -> tuple[Any, ...]:
    """What a code does, wherever it stands."""
    held = (
        (type(one), _substance(one) if isinstance(one, types.CodeType) else one) for one in code.co_consts
    )
    return code.co_code, code.co_names, code.co_varnames, code.co_exceptiontable, *held


def _code(code: types.CodeType, function: ast.FunctionDef) -> types.CodeType:
    first = min([function.lineno, *(one.lineno for one in function.decorator_list)])
    return next(one for one in _codes(code) if one.co_name == function.name and one.co_firstlineno == first)


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield one
            yield from _codes(one)


def _changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """What can be changed at a node, each with a function that changes the like node of a copy."""
    match node:
        case ast.Compare(ops=[first, *_]):
            yield (
                _said(first, COMPARED[type(first)]),
                lambda it: it.ops.__setitem__(0, COMPARED[type(first)]()),
            )
        case ast.BoolOp(op=ast.And()):
            yield "and → or", lambda it: setattr(it, "op", ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield "or → and", lambda it: setattr(it, "op", ast.And())
        case ast.BinOp(op=op) if type(op) in REPLACED and not isinstance(
            node.left, ast.Constant | ast.JoinedStr
        ):
            yield _said(op, REPLACED[type(op)]), lambda it: setattr(it, "op", REPLACED[type(op)]())
        case ast.Constant(value=bool(value)):
            yield f"{value} → {not value}", lambda it: setattr(it, "value", not value)
        case ast.Constant(value=int(value)):
            yield f"{value} → {value + 1}", lambda it: setattr(it, "value", value + 1)
        case ast.If() | ast.IfExp() | ast.While():
            yield "condition turned round", lambda it: setattr(it, "test", ast.UnaryOp(ast.Not(), it.test))
        case ast.UnaryOp(op=ast.Not()):
            yield "not left out", lambda it: setattr(it, "operand", ast.UnaryOp(ast.Not(), it.operand))
        case ast.Return(value=ast.expr() as value) if not (
            isinstance(value, ast.Constant) and value.value is None
        ):
            yield "nothing returned", lambda it: setattr(it, "value", ast.Constant(None))
        case ast.Continue() | ast.Raise():
            yield "left out", _left_out
        case ast.Expr(value=ast.Call()):
            yield "left out", _left_out
        case ast.comprehension(ifs=[_, *_]):
            yield "condition left out", lambda it: it.ifs.pop()


def _said(old: ast.AST, new: type[ast.AST]) -> str:
    return f"{type(old).__name__} → {new.__name__}"


def _left_out(node: ast.stmt) -> None:
    node.__class__ = ast.Pass
    node.__dict__ = {"lineno": node.lineno, "col_offset": node.col_offset}


class Between(pytest.Item):
    """What follows a test as far as pytest knows: all is torn down but what the session keeps, such as the database."""

    def runtest(self) -> None:
        """Never run."""


FAULTY = "-"
"""Said in place of a test's: it was not the tests that failed."""


@dataclass(frozen=True)
class Killed:
    """Which of the tests killed, and what it said; nothing said: it took too long, or died."""

    place: int
    said: str


@dataclass(eq=False)
class Laboratory:
    """Runs the tests once as they are, noting which functions each runs; then each mutant beside those that run it."""

    chosen: list[Mutant]
    runs: dict[tuple[str, int], set[pytest.Item]] = field(default_factory=lambda: defaultdict(set))
    survivors: list[Mutant] = field(default_factory=list)
    unrun: list[Mutant] = field(default_factory=list)
    died: int = 0
    """How many were not failed by a test but took too long, or took the process with them."""
    failed: str = ""
    cleared: set[tuple[pytest.Item, ...]] = field(default_factory=set)
    end: Between = field(init=False)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid} {report.longreprtext[-2000:]}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items, wanted = session.items, {(one.file, one.first) for one in self.chosen}
        self.end = Between.from_parent(session, name="between")
        took: dict[pytest.Item, float] = {}
        for item, following in pairwise([*items, self.end]):
            took[item] = self._as_it_is(item, following, wanted)
            if self.failed:
                pytest.exit(
                    f"the tests fail as they are: {self.failed}", returncode=pytest.ExitCode.TESTS_FAILED
                )
        self._clear(sorted(took, key=took.__getitem__), 4 * sum(took.values()))
        for mutant in self.chosen:
            run_it = sorted(self.runs[mutant.file, mutant.first], key=took.__getitem__)
            longest = 4 * sum(took[item] for item in run_it)
            if not run_it:
                self.unrun.append(mutant)
            elif killed := self._killed_by(mutant, run_it, longest):
                self.died += not killed.said
                self._clear(run_it[: killed.place + 1], longest)
            else:
                self.survivors.append(mutant)
                print(f"  survived {self.told(mutant)}", flush=True)
        return True

    def _clear(self, items: Sequence[pytest.Item], longest: float) -> None:
        """Nothing changed must kill nothing: else it is the laboratory that kills."""
        if tuple(items) not in self.cleared:
            if fault := self._killed_by(None, items, longest):
                pytest.exit(
                    f"the tests fail beside no mutant: {fault.said}", returncode=pytest.ExitCode.TESTS_FAILED
                )
            self.cleared |= {tuple(items[:many]) for many in range(1, len(items) + 1)}

    def _as_it_is(self, item: pytest.Item, following: pytest.Item, wanted: set[tuple[str, int]]) -> float:
        """Run a test without any mutant, and note what it runs; returns the seconds it took."""

        def note(frame: types.FrameType, _event: str, _argument: Any) -> None:
            key = (frame.f_code.co_filename, frame.f_code.co_firstlineno)
            if key in wanted:
                self.runs[key].add(item)

        _forget()
        began = time.perf_counter()
        # Of calls alone: nothing is returned to trace a function's lines by.
        threading.settrace(note)
        sys.settrace(note)
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        finally:
            sys.settrace(None)
            threading.settrace(None)
        return time.perf_counter() - began

    def _killed_by(
        self, mutant: Mutant | None, items: Sequence[pytest.Item], longest: float
    ) -> Killed | None:
        """Which test fails first beside a mutant, or beside none; none: none does."""
        reading, writing = os.pipe()
        if child := os.fork():
            os.close(writing)
            with os.fdopen(reading) as told:
                place, _comma, said = told.read().partition(",")
            _pid, status = os.waitpid(child, 0)
            _own_copy(child).unlink(missing_ok=True)
            if place == FAULTY:
                pytest.exit(f"the laboratory failed: {said}", returncode=pytest.ExitCode.INTERNAL_ERROR)
            if status:
                return Killed(len(items) - 1, "")
            return Killed(int(place), said) if place else None
        signal.alarm(int(longest) + LONGEST)
        items[0].config.pluginmanager.unregister(name="terminalreporter")
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        answer, reached = "", FAULTY
        try:
            _lead_to_own_copy()
            if mutant:
                _put_in(mutant)
            for number, (item, following) in enumerate(pairwise([*items, self.end])):
                reached = str(number)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if self.failed:
                    answer = f"{reached},{self.failed}"
                    break
        except BaseException as fault:
            answer = f"{reached},{fault!r}"
        finally:
            os.write(writing, answer.encode()[:4000])
            os._exit(0)

    @staticmethod
    def told(mutant: Mutant) -> str:
        """Where a mutant is, and what was changed."""
        where = Path(mutant.file).relative_to(SOURCE)
        return f"{where}:{mutant.line} {mutant.function}: {mutant.done}"


def _own_copy(child: int) -> Path:
    """The file of the database of a process."""
    from django.db import connection

    return Path(connection.settings_dict["NAME"]).with_suffix(f".{child}")


def _lead_to_own_copy() -> None:
    """Leave the parent's database file alone: a copy of it, by a connection of its own."""
    from django.db import connection

    connection.close()
    whole, own = Path(connection.settings_dict["NAME"]), _own_copy(os.getpid())
    if whole.exists():  # the tests of pure rules make none
        connection.settings_dict["NAME"] = shutil.copyfile(whole, own)


def _put_in(mutant: Mutant) -> None:
    """Give every function that has the old code the new; forget what was computed by it."""
    key = (mutant.file, mutant.first, mutant.code.co_name)
    put = 0
    gc.unfreeze()  # what the tests froze isn't told
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType):
            old = one.__code__
            if (old.co_filename, old.co_firstlineno, old.co_name) == key:
                one.__code__ = mutant.code
                put += 1
    assert put, f"no function at {key}"
    _forget()


def _forget() -> None:
    """Empty the caches of ours, so that what runs a function is seen to run it."""
    for module in list(sys.modules.values()):
        if module.__name__.startswith("qingfeng."):
            for one in vars(module).values():
                if isinstance(one, _lru_cache_wrapper) and one.__module__ == module.__name__:
                    one.cache_clear()


def measured(name: str, each: int, seed: int) -> float:
    """The share killed of so many mutants of a group, drawn by a seed."""
    group = GROUPS[name]
    files = [
        file
        for one in group.source
        for file in ([SOURCE / one] if one.endswith(".py") else (SOURCE / one).rglob("*.py"))
    ]
    every = sorted(
        (one for file in files if "migrations" not in file.parts for one in mutants(file)),
        key=lambda one: (one.file, one.line, one.done),
    )
    chosen = random.Random(seed).sample(every, min(each, len(every)))
    laboratory = Laboratory(chosen)
    tests = [str(ROOT / "tests" / one) for one in group.tests]
    given = [
        "-q",
        f"--ds={group.settings}",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "-m",
        "not (browser or mutants)",
        # What was found to fail beside one mutant is not kept for the next: luck would grow from run to run.
        f"--hypothesis-seed={seed}",
    ]
    began = time.perf_counter()
    code = pytest.main([*given, *tests], plugins=[laboratory])
    if code != pytest.ExitCode.OK:
        raise SystemExit(f"{name}: the tests fail without any mutant")
    for mutant in laboratory.unrun:
        print(f"  run by no test: {laboratory.told(mutant)}")
    left = len(laboratory.survivors) + len(laboratory.unrun)
    killed = (len(chosen) - left) / len(chosen)
    print(
        f"{name}: {len(chosen) - left} of {len(chosen)} killed ({laboratory.died} by time or death), "
        f"drawn from {len(every)}; {time.perf_counter() - began:.0f} s"
    )
    return killed


def main() -> None:
    """Measure each group in a process of its own: what one changed must not be there for the next."""
    given = argparse.ArgumentParser(prog="python -m bench.mutants")
    given.add_argument("groups", nargs="*", choices=[*GROUPS, []])
    given.add_argument("--each", type=int, default=120)
    given.add_argument("--seed", type=int, default=1)
    asked = given.parse_args()
    figures.machine()
    verdict = figures.Verdict()
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as apart:
        for name in asked.groups or GROUPS:
            killed = apart.submit(measured, name, asked.each, asked.seed).result()
            verdict.least(f"mutants killed: {name}", killed, KILLED)
    verdict.leave()


if __name__ == "__main__":
    main()
