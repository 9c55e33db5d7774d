"""No act without a test: the walk performs every act at least once, for someone who may do it."""

from qingfeng.kernel.matters.registry import acts_of, mechanisms
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
        f"{code}.{name}: no table lets anyone do it; add a row to tests/walk/{code}.yaml"
        for code, matter in mechanisms().items()
        for name in acts_of(matter)
        if (code, name) not in performed
    ]
    assert not untested, "\n".join(untested)
