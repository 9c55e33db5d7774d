"""What the project declares; the toys that other tests bring along have no table."""

from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms, states_of


def declared() -> dict[str, type[Matter]]:
    """The project's own mechanisms by code."""
    return {code: cls for code, cls in mechanisms().items() if cls.__module__.startswith("qingfeng.")}


def possible(matter: type[Matter]) -> list[Act]:
    """Its acts, but for one inherited that starts from any open state where it has none."""
    states = states_of(matter).values()
    acts = acts_of(matter).values()
    return [act for act in acts if act.opens or any(act.starts_from(state) for state in states)]
