"""Turning any single guard round breaks the walk."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from qingfeng.kernel.guards import Guard
from qingfeng.kernel.matters.registry import acts_of, matter_class
from qingfeng.kernel.refusals import Refusal
from tests.walk.mutants import mutants
from tests.walk.staging import Company
from tests.walk.table import names, table
from tests.walk.walking import Walk

pytestmark = pytest.mark.django_db


def names_of_guards(guard: Guard) -> Iterator[str]:
    for done, _mutant in mutants(guard):
        yield done


@pytest.mark.parametrize("code", names())
def test_an_act_with_another_guard_breaks_the_walk(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said, company = table(code), Company()
    walk = Walk(said, company, company.stage(said))
    survivors, tried = [], 0
    for act in acts_of(matter_class(code)).values():
        for done, mutant in mutants(act.by):
            tried += 1
            with monkeypatch.context() as patched:
                patched.setattr(act, "by", mutant)
                if next(_broken(walk, act.name), None) is None:
                    survivors.append(f"{code}.{act.name} {done}")
    assert tried >= len(acts_of(matter_class(code)))
    assert not survivors, "\n".join(survivors)


@pytest.mark.parametrize("code", names())
def test_other_readers_break_the_walk(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said, company, matter = table(code), Company(), matter_class(code)
    survivors = []
    for done, mutant in mutants(matter.reads):
        with monkeypatch.context() as patched, transaction.atomic():
            patched.setattr(matter, "reads", mutant)
            # Who may read stands in rows that acts write, so the matters are staged anew.
            if not _unreadable(said, company):
                survivors.append(f"{code}, who reads, {done}")
            transaction.set_rollback(True)
    assert not survivors, "\n".join(survivors)


def _broken(walk: Walk, act: str) -> Iterator[str]:
    """The first thing wrong with one act, where the table says it is possible."""
    if act in walk.table.open:
        yield from walk.opening(walk.acts[act])
    for scene in walk.table.scenes.values():
        if act in scene.rows:
            yield from walk.doing(scene, walk.acts[act])


def _unreadable(said, company: Company) -> bool:  # type: ignore[no-untyped-def]
    try:
        with transaction.atomic():
            walk = Walk(said, company, company.stage(said))
    except Refusal:
        return True
    return next(walk.whole_lists(), None) is not None
