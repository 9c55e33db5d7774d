"""The parameters reception reads from the regime."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Choices, Count, Flag, Money, Span, parameter

LETTER = parameter(
    "reception.letter",
    _("A letter is required"),
    Flag(),
    _("Whether guests are received only with a letter of the organ that sends them."),
    stricter="larger",
)
SAME_PLACE = parameter(
    "reception.same_place",
    _("Receptions between units of one place"),
    Flag(),
    _("Whether units of the same place may receive each other."),
    stricter="smaller",
)
SAME_CITY = parameter(
    "reception.same_city",
    _("Receptions of organs of the same city"),
    Flag(),
    _("Whether guests of the city above, or of a place beside, may be received; where nothing is said, yes."),
    stricter="smaller",
)
ALCOHOL = parameter(
    "reception.alcohol",
    _("Alcohol at working meals"),
    Flag(),
    _("Whether alcohol may be served at working meals."),
    stricter="smaller",
)
DAYS_AHEAD = parameter(
    "reception.days_ahead",
    _("Days ahead"),
    Count("days", 0, 60),
    _(
        "How many days before the guests come a reception is asked for at the latest; 0: the same day will do."
    ),
    stricter="larger",
)
MOST_MEALS = parameter(
    "reception.most_meals",
    _("Working meals under one letter"),
    Count("meals", 0, 10),
    _("How many working meals may be given under one letter."),
    stricter="smaller",
)
SMALL_PARTY = parameter(
    "reception.small_party",
    _("A small party of guests"),
    Count("persons", 1, 1000),
    _("Up to how many guests the fixed number of companions holds."),
)
FEW_COMPANIONS = parameter(
    "reception.few_companions",
    _("Companions of a small party"),
    Count("persons", 0, 100),
    _("How many may keep a small party company at table."),
    stricter="smaller",
)
GUESTS_EACH = parameter(
    "reception.guests_each",
    _("Guests to one companion"),
    Count("persons", 1, 100),
    _("Of a larger party, how many guests there must be for each companion at table."),
    stricter="larger",
)
A_HEAD = parameter(
    "reception.a_head",
    _("Reception a head and year"),
    Money(),
    _("How much a unit may spend on receptions in a year for each of its staff."),
    stricter="smaller",
)
MOST_A_UNIT = parameter(
    "reception.most_a_unit",
    _("Reception a unit and year"),
    Money(),
    _("How much even the largest unit may spend on receptions in a year."),
    stricter="smaller",
)
SETTLE_WITHIN = parameter(
    "reception.settle_within",
    _("Time to settle"),
    Span(),
    _("How long after its day a reception has to be settled."),
    stricter="smaller",
)
VOUCHERS = parameter(
    "reception.vouchers",
    _("Invoice, letter and list"),
    Flag(),
    _("Whether a reception is paid only on its invoice, with the letter and the list of those at table."),
    stricter="larger",
)
VIOLATIONS = parameter(
    "reception.violations",
    _("Violations at receptions"),
    Choices(),
    _("What may be found wrong with a reception."),
)
OWN_LINES = parameter(
    "expenses.own_lines",
    _("A budget line each"),
    Flag(),
    _("Whether the three public expenses are paid only from budget lines of their own."),
    stricter="larger",
)
