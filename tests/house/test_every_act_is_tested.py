"""No act without a test: the walk performs every act at least once, for someone who may do it."""

from tests.walk.declared import declared, possible
from tests.walk.table import names, table


def test_every_act_is_performed_by_the_walk_for_someone_who_may() -> None:
    performed = {
        (code, row.act)
        for code in names()
        for rows in (table(code).open, *(scene.rows for scene in table(code).scenes.values()))
        for row in rows.values()
        if row.may
    }
    untested = [
        f"{code}.{act.name}: no table lets anyone do it; add a row to tests/walk/{code}.yaml"
        for code, matter in declared().items()
        for act in possible(matter)
        if (code, act.name) not in performed
    ]
    assert not untested, "\n".join(untested)
