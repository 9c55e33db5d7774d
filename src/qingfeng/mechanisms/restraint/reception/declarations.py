"""The books, clock, facts and events of receptions and of the three public expenses."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.money import in_yuan
from qingfeng.kernel.vocabulary import NO_UNITS, STAYS, BookKind, Clock, Event, FactKind
from qingfeng.mechanisms.restraint.reception.policy import SETTLE_WITHIN

LIMIT = BookKind("reception.limit", _("Yearly limit of receptions"), "fen", in_yuan, STAYS)
BUDGET = BookKind("reception.budget", _("Budget line of receptions"), "fen", in_yuan, STAYS)
MEALS = BookKind("reception.meals", _("Working meals under this letter"), "meals", becomes=NO_UNITS)

SETTLING = Clock("settling", _("Settling"), SETTLE_WITHIN)

RECEPTION_SPENT = FactKind("reception.spent", _("Spent on receptions"), "fen")
RECEPTION_LATE = FactKind("reception.settled_late", _("Receptions not settled in time"))
RECEPTION_VIOLATION = FactKind("reception.violation", _("Violations at receptions"))
SPENT_ON_RECEPTION = FactKind("expenses.reception", _("Public expenses: reception"), "fen")
SPENT_ON_VEHICLES = FactKind("expenses.vehicles", _("Public expenses: official vehicles"), "fen")
SPENT_OVERSEAS = FactKind("expenses.overseas", _("Public expenses: travel abroad on duty"), "fen")

VIOLATION_FOUND = Event(
    "reception.violation_found", _("A violation was found at a reception"), ("unit", "kind")
)
EXPENSES_PUBLISHED = Event("expenses.published", _("A return of the three expenses was published"), ("year",))
