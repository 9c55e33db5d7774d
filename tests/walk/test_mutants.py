"""Turning any single guard round breaks the walk."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from qingfeng.kernel.matters.registry import matter_class
from qingfeng.kernel.refusals import Refusal
from tests.walk.declared import possible
from tests.walk.mutants import mutants
from tests.walk.staging import Company
from tests.walk.table import Table, names, table
from tests.walk.walking import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.mutants]


@pytest.mark.parametrize("code", names())
def test_an_act_with_another_guard_breaks_the_walk(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said, company = table(code), Company()
    walk = Walk(said, company, company.stage(said))
    survivors = []
    for act in possible(matter_class(code)):
        for done, mutant in mutants(act.by):
            with monkeypatch.context() as patched:
                patched.setitem(vars(act), "by", mutant)
                if next(_broken(walk, act.name), None) is None:
                    survivors.append(f"{code}.{act.name} {done}")
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
    # A method may refuse as well what its guard should have; the guard has to say so beforehand.
    yield from walk.saying_it_beforehand(walk.acts[act])


def _unreadable(said: Table, company: Company) -> bool:
    try:
        with transaction.atomic():
            walk = Walk(said, company, company.stage(said))
            return next(walk.whole_lists(), None) is not None
    except Refusal:
        # Not even those who act on it can reach the matter any more.
        return True
