"""All that a mechanism's author writes with, in one place."""

from qingfeng.kernel.acts.declare import Act, act, reads
from qingfeng.kernel.acts.do import Do
from qingfeng.kernel.acts.inputs import Choice, Files, Given, Line, Mailbox, Monthly, Prose, Sealed, Whole
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.books import BookKind
from qingfeng.kernel.chores import Chore, chore
from qingfeng.kernel.clocks import Clock
from qingfeng.kernel.facts import FactKind
from qingfeng.kernel.guards import (
    Anyone,
    Bearer,
    Concerns,
    Did,
    Holds,
    Is,
    Office,
    OnStep,
    Per,
    Seated,
    SetOver,
    System,
    When,
)
from qingfeng.kernel.links import Event, LinkKind, link_kind, listen
from qingfeng.kernel.looks import Looks
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.states import ANY, NEW, State
from qingfeng.kernel.money import FenField, Yuan
from qingfeng.kernel.occasions import Occasion
from qingfeng.kernel.pages import Page
from qingfeng.kernel.parties.models import Person, Unit
from qingfeng.kernel.parties.roles import Role
from qingfeng.kernel.parts import Part
from qingfeng.kernel.proposals import Proposal
from qingfeng.kernel.recurring import Due, Duty, recurring
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
from qingfeng.kernel.regime.policy import PARAMETERS
from qingfeng.kernel.regime.tables import OneOf, Several, Table, TimeOfDay
from qingfeng.kernel.registers import Register
from qingfeng.kernel.statistics import Column, Reading, Statistic
from qingfeng.kernel.steps import Stage

__all__ = [
    "ANY",
    "NEW",
    "PARAMETERS",
    "Act",
    "Anyone",
    "Attachment",
    "Bearer",
    "BookKind",
    "Choice",
    "Choices",
    "Chore",
    "Clock",
    "Column",
    "Concerns",
    "Count",
    "Day",
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
    "Holds",
    "Is",
    "Line",
    "LinkKind",
    "Looks",
    "Mailbox",
    "Matter",
    "Money",
    "Monthly",
    "Months",
    "Occasion",
    "Office",
    "OnStep",
    "OneOf",
    "Page",
    "Parameter",
    "Part",
    "Per",
    "Person",
    "Points",
    "Proposal",
    "Prose",
    "Reading",
    "Register",
    "Role",
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
    "Text",
    "TimeOfDay",
    "Turns",
    "Unit",
    "When",
    "Whole",
    "Yuan",
    "act",
    "chore",
    "link_kind",
    "listen",
    "reads",
    "recurring",
]
