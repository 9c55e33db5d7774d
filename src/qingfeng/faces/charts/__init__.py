"""Charts as SVG made on the server, each with the table of its figures behind it.

Pure Python: functions take words already in the reader's language and integers, and return a :class:`Chart`.
On a page ``{% show chart %}`` draws it with its table; :func:`standalone` makes a file with its
colours in it.
"""

from qingfeng.faces.charts.bars import Series, bars, stacked
from qingfeng.faces.charts.dots import Interval, intervals
from qingfeng.faces.charts.gantt import WorkItem, gantt
from qingfeng.faces.charts.grids import heat
from qingfeng.faces.charts.lines import months, sparkline
from qingfeng.faces.charts.standalone import standalone
from qingfeng.faces.charts.states import StateNode, Transition, state_picture
from qingfeng.faces.charts.svg import Chart

__all__ = [
    "Chart",
    "Interval",
    "Series",
    "StateNode",
    "Transition",
    "WorkItem",
    "bars",
    "gantt",
    "heat",
    "intervals",
    "months",
    "sparkline",
    "stacked",
    "standalone",
    "state_picture",
]
