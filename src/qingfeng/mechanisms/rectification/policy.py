"""The parameters rectification reads from the regime."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.declaring import PARAMETERS, Parameter, Span

SIGN_WITHIN = PARAMETERS.add(
    Parameter(
        "rectification.sign_within",
        _("Time to sign"),
        Span(),
        _("How long a unit has to sign for a problem it was given."),
        stricter="smaller",
    )
)
RECTIFY_WITHIN = PARAMETERS.add(
    Parameter(
        "rectification.rectify_within",
        _("Time to put right"),
        Span(),
        _("How long a unit has, once it signed, to report a problem put right."),
        stricter="smaller",
    )
)
