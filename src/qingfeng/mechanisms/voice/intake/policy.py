"""The parameters intake reads from the regime."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.vocabulary import Count, Parameter, parameter

LEARN_FROM = parameter(
    "intake.learn_from",
    _("Messages to learn kinds from"),
    Count("messages", 20, 5000),
    _("From how many confirmed messages on a kind is suggested for others."),
)
SURE_FROM = parameter(
    "intake.sure_from",
    _("Share of a sure suggestion"),
    Count("thousandths", 0, 1000),
    _("From which share on a suggested kind counts as sure; below it the clerk is told to read closely."),
)
ALIKE_FROM = parameter(
    "intake.alike_from",
    _("Likeness of a likely duplicate"),
    Count("thousandths", 300, 1000),
    _("From which likeness of words on two messages are shown as likely duplicates."),
)
PERHAPS_FROM = parameter(
    "intake.perhaps_from",
    _("Likeness of a duplicate perhaps"),
    Count("thousandths", 300, 1000),
    _("From which likeness on two messages are shown apart, as perhaps the same; where unset, none are."),
)
ALIKE_WITHIN = parameter(
    "intake.alike_within",
    _("Days to look back for duplicates"),
    Count("days", 0, 3660),
    _("How many days back earlier messages are looked through for duplicates."),
)


def said(policy: Policy, parameter: Parameter) -> int | None:
    """A parameter's value; none where the regime says nothing of it, and then nothing is suggested."""
    valued = policy.seen(parameter)
    return int(valued.value) if valued else None  # type: ignore[arg-type]  # a Count
