"""All that a mechanism's author writes with, in one place."""

from qingfeng.kernel.acts.declaration import Act, act, reads
from qingfeng.kernel.acts.demands import Demand
from qingfeng.kernel.acts.do import Do
from qingfeng.kernel.acts.inputs import (
    Choice,
    Files,
    Given,
    Input,
    Line,
    Mailbox,
    Monthly,
    OneOfKind,
    OneOfRows,
    Prose,
    Reason,
    Sealed,
    Whole,
)
from qingfeng.kernel.acts.links import Event, LinkKind, link_kind, listen
from qingfeng.kernel.acts.proposals import Proposal
from qingfeng.kernel.acts.steps import Stage
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.background.jobs import BackgroundJob, background_job
from qingfeng.kernel.guards import (
    Anyone,
    Bearer,
    Concerns,
    Did,
    Holds,
    Is,
    Office,
    OnStep,
    Outside,
    Per,
    Seated,
    SetOver,
    System,
    When,
)
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.states import ANY, NEW, State
from qingfeng.kernel.money import FenField, Yuan
from qingfeng.kernel.people.models import Person, Unit
from qingfeng.kernel.people.outside import OutsideKind, OutsideParty
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.reading.burden import Burden, BurdenKind
from qingfeng.kernel.reading.coverage import Scrutiny
from qingfeng.kernel.reading.pages import Page
from qingfeng.kernel.reading.row_columns import RowColumn
from qingfeng.kernel.reading.row_sources import ListRow, ListRows, Rows
from qingfeng.kernel.reading.rows import RowState
from qingfeng.kernel.reading.statistics import Column, Reading, Statistic, named, summed, together
from qingfeng.kernel.reading.tallies import Tally
from qingfeng.kernel.record.books import BookKind
from qingfeng.kernel.record.facts import FactKind
from qingfeng.kernel.record.goals import RUNNING, Goal, PersonalGoal, Ranks, goal
from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.record.succession import CARRIED, ENDS, FOLLOWS, NO_UNITS, STAYS, by_hand
from qingfeng.kernel.regime.parameters import (
    Choices,
    Count,
    Day,
    Flag,
    Money,
    Months,
    Parameter,
    Points,
    Span,
    Text,
    Turns,
)
from qingfeng.kernel.regime.policy import PARAMETERS, parameter
from qingfeng.kernel.regime.tables import OneOf, Several, Table, TimeOfDay
from qingfeng.kernel.time.calendar_events import CalendarEvent
from qingfeng.kernel.time.clocks import Clock
from qingfeng.kernel.time.duties import Due, Duty, persons_in, recurring
from qingfeng.kernel.time.periods import begin_of

__all__ = [
    "ANY",
    "CARRIED",
    "ENDS",
    "FOLLOWS",
    "NEW",
    "NO_UNITS",
    "PARAMETERS",
    "RUNNING",
    "STAYS",
    "Act",
    "Anyone",
    "Attachment",
    "BackgroundJob",
    "Bearer",
    "BookKind",
    "Burden",
    "BurdenKind",
    "CalendarEvent",
    "Choice",
    "Choices",
    "Clock",
    "Column",
    "Concerns",
    "Count",
    "Day",
    "Demand",
    "Did",
    "Do",
    "Due",
    "Duty",
    "Event",
    "FactKind",
    "FenField",
    "Files",
    "Flag",
    "Given",
    "Goal",
    "Holds",
    "Input",
    "Is",
    "Line",
    "LinkKind",
    "ListRow",
    "ListRows",
    "Mailbox",
    "Matter",
    "Money",
    "Monthly",
    "Months",
    "Office",
    "OnStep",
    "OneOf",
    "OneOfKind",
    "OneOfRows",
    "Outside",
    "OutsideKind",
    "OutsideParty",
    "Page",
    "Parameter",
    "Per",
    "Person",
    "PersonalGoal",
    "Points",
    "Proposal",
    "Prose",
    "Ranks",
    "Reading",
    "Reason",
    "Register",
    "Role",
    "RowColumn",
    "RowState",
    "Rows",
    "Scrutiny",
    "Sealed",
    "Seated",
    "SetOver",
    "Several",
    "Span",
    "Stage",
    "State",
    "Statistic",
    "System",
    "Table",
    "Tally",
    "Text",
    "TimeOfDay",
    "Turns",
    "Unit",
    "When",
    "Whole",
    "Yuan",
    "act",
    "background_job",
    "begin_of",
    "by_hand",
    "goal",
    "link_kind",
    "listen",
    "named",
    "parameter",
    "persons_in",
    "reads",
    "recurring",
    "summed",
    "together",
]
