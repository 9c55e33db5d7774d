"""The parameters inspection reads from the regime."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.declaring import PARAMETERS, Count, Do, Parameter, Span

A_YEAR = PARAMETERS.add(
    Parameter(
        "inspections.a_year",
        _("Inspections of a unit in a year"),
        Count("times"),
        _("How often a unit may be inspected in a year, whoever inspects."),
        stricter="smaller",
    )
)
OVERLAP = PARAMETERS.add(
    Parameter(
        "inspections.overlap",
        _("Days between inspections of one topic"),
        Count("days", 0, 366),
        _("Two inspections of a unit in one topic that lie no further apart overlap."),
        stricter="larger",
    )
)
AHEAD = PARAMETERS.add(
    Parameter(
        "inspections.ahead",
        _("Days to prepare a round"),
        Count("days", 0, 90),
        _("How many days before its first day a planned round opens by itself."),
    )
)
OBJECT_WITHIN = PARAMETERS.add(
    Parameter(
        "inspections.object_within",
        _("Time to object"),
        Span(),
        _("How long a unit has to object to the conclusion of an inspection."),
        stricter="larger",
    )
)
REVIEW_WITHIN = PARAMETERS.add(
    Parameter(
        "inspections.review_within",
        _("Time to decide an objection"),
        Span(),
        _("How long the office has to decide a unit's objection."),
        stricter="smaller",
    )
)
PUBLIC_FOR = PARAMETERS.add(
    Parameter(
        "inspections.public_for",
        _("Days a circular stays public"),
        Count("days", 1, 3650),
        _("How long the public version of a circular may be shown."),
        stricter="smaller",
    )
)


def clause(do: Do, parameter: Parameter) -> str:
    """Title and clause of what a parameter's value rests on."""
    source = do.policy.valued(parameter).source
    return f"{source.title} {source.clause}".strip()
