"""The parameters rectification reads from the regime."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Count, Flag, Span, parameter

SIGN_WITHIN = parameter(
    "rectification.sign_within",
    _("Time to acknowledge receipt"),
    Span(),
    _("How long a unit has to acknowledge receipt of a problem it was given."),
    stricter="smaller",
)
DISPUTE_WITHIN = parameter(
    "rectification.dispute_within",
    _("Time to dispute"),
    Span(),
    _("How long a unit has to say that a problem it was given is not its own."),
)
PLAN_WITHIN = parameter(
    "rectification.plan_within",
    _("Time to plan"),
    Span(),
    _("How long a unit has, once it signed, to hand in its plan."),
    stricter="smaller",
)
RECTIFY_WITHIN = parameter(
    "rectification.rectify_within",
    _("Time to rectify"),
    Span(),
    _("How long a unit has, once it signed, to report a problem put right."),
    stricter="smaller",
)
WARN_BEFORE = parameter(
    "rectification.warn_before",
    _("Blue slip before the end"),
    Count("working days", 0, 60),
    _("How many working days before its last day a sheet draws a blue slip."),
)
EXTEND_MOST = parameter(
    "rectification.extend_most",
    _("Longest extension"),
    Count("working days", 0, 250),
    _("How many working days an extension may take at most."),
    stricter="smaller",
)
EXTEND_TIMES = parameter(
    "rectification.extend_times",
    _("Extensions of one sheet"),
    Count("times", 0, 20),
    _("How often the time of one sheet may be extended."),
    stricter="smaller",
)
LOOK_BACK_AFTER = parameter(
    "rectification.look_back_after",
    _("Time until the look-back"),
    Span(),
    _("How long after its close-out a problem is looked at again."),
)
REBOUND_WITHIN = parameter(
    "rectification.rebound_within",
    _("Rebound within"),
    Count("days", 1, 3650),
    _("Up to how many days after a close-out the same problem of the same unit is a rebound."),
)
REBOUND_LIKENESS = parameter(
    "rectification.rebound_likeness",
    _("Likeness of a rebound"),
    Count("thousandths", 1, 1000),
    _("How alike two problems of one kind have to be, in thousandths, for the later to be a rebound."),
)
SECOND_PERSON = parameter(
    "rectification.second_person",
    _("A second person closes out"),
    Flag(),
    _("Whether somebody else than who handed a problem out closes it out; where nothing is said, yes."),
    stricter="larger",
)
ACKNOWLEDGE_WITHIN = parameter(
    "transfers.acknowledge_within",
    _("Time to acknowledge"),
    Span(),
    _("How long the discipline organ has to acknowledge clues handed over to it."),
    stricter="smaller",
)
