"""A made-up form with an error in it, and messages."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qingfeng.faces.design.components import FlashMessage
from qingfeng.faces.design.fields import ErrorSummary, Field, FieldError, FieldOption
from qingfeng.faces.design.samples.lists import unit_choices


def form_fields() -> list[Field]:
    return [
        Field(
            name="unit",
            label=_("Responsible unit"),
            kind="picker",
            choices=unit_choices(),
            required=True,
            help=_("One unit answers for it; others may be joined later."),
        ),
        Field(
            name="requirement",
            label=_("What must be put right"),
            kind="textarea",
            max_length=500,
            required=True,
            value=_(
                "Stop asking for copies of papers issued by this district; read them "
                "from the shared register."
            ),
        ),
        Field(
            name="due",
            label=_("Report by"),
            kind="date",
            required=True,
            minimum="2026-11-23",
            value="2026-12-06",
        ),
        Field(
            name="points",
            label=_("Points if not put right"),
            kind="number",
            unit=_("points"),
            value="6",
            errors=(_("At most 5 points. Please lower it."),),
            help=_("From 0 to 5, by the scheme of 2026."),
        ),
        Field(
            name="publicity",
            label=_("Who may read it"),
            kind="radios",
            required=True,
            value="unit",
            choices=(
                FieldOption(value="unit", label=_("The unit and the office")),
                FieldOption(
                    value="district", label=_("All units of the district"), help=_("After the appeal period.")
                ),
            ),
        ),
        Field(
            name="kinds",
            label=_("Kinds of problem"),
            kind="checkboxes",
            values=("buck",),
            choices=(
                FieldOption(value="buck", label=_("Passing the buck")),
                FieldOption(value="slow", label=_("Slow action")),
            ),
        ),
        Field(
            name="papers",
            label=_("Evidence"),
            kind="file",
            multiple=True,
            accept=(".pdf", ".jpg", ".png", ".xlsx"),
            accept_words=_("PDF, JPG, PNG or XLSX, each up to 20 MB, at most 10."),
        ),
        Field(name="urgent", label=_("Urge every working day until signed for"), kind="checkbox", value="on"),
        Field(name="phone", label=_("Telephone"), kind="tel", autocomplete="tel", placeholder="0000-0000000"),
    ]


def errors() -> ErrorSummary:
    return ErrorSummary(
        errors=(FieldError(message=_("At most 5 points. Please lower it."), field_id="f-points"),)
    )


def messages() -> list[FlashMessage]:
    return [
        FlashMessage(
            title=_("Assigned to the Housing bureau."),
            text=_("It has 10 working days, until 19 November."),
            tone="done",
        ),
        FlashMessage(
            title=_("The rules changed on 1 November."),
            text=_("Sheets opened before keep their time limits."),
        ),
        FlashMessage(title=_("Two sheets are due tomorrow."), tone="near"),
        FlashMessage(
            title=_("Somebody else has just changed this sheet."),
            text=_("Nothing was lost: your words are in the form below. Read what changed, then send again."),
            tone="late",
        ),
    ]
