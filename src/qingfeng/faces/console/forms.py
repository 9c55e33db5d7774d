"""The form of an act, built from its declared input: controls to draw, with what was typed and what is wrong of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.console import components
from qingfeng.faces.console.sheet_input import filling
from qingfeng.faces.console.submitted import TypedInput
from qingfeng.faces.design.fields import ErrorSummary, Field, FieldError, FieldOption, Kind
from qingfeng.kernel import search
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.money import yuan
from qingfeng.kernel.people import identification
from qingfeng.kernel.people.identification import told_apart
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Invalid, NotFound
from qingfeng.kernel.text.words import Words

OFFERED = 50
"""Most choices a list shows at once; beyond, it is searched."""
FEW = 5
"""So many codes are shown as buttons one sees at a glance; more as a list."""


@dataclass
class Form(TypedInput):
    """One form; ``errors`` are the sentences by input."""

    errors: Mapping[str, Sequence[Words]] = field(default_factory=dict)

    @property
    def multipart(self) -> bool:
        """Whether it carries files."""
        return self.act.inputs.sheet is not None or any(
            spec.kind == "files" for spec in self.act.inputs.fields
        )

    @property
    def long(self) -> bool:
        """Whether enough is typed into it that a draft is worth keeping: prose, or rows."""
        return any(spec.kind in ("prose", "rows") for spec in self.act.inputs.fields)

    @property
    def ready(self) -> bool:
        """Whether it can be sent for good: not while the sheet that fills it wants mending."""
        name = self.filled.spec.name if self.filled else ""
        return not name or not any(place.startswith(f"{name}.") for place in self.errors)

    def fill(self) -> None:
        """Take the rows from the sheet that was chosen, if any; what is wrong with it is an error of theirs."""
        spec = self.act.inputs.sheet
        if spec is None:
            return
        held = [str(file.pk) for file in self.uploaded.get(spec.name, ())] or [
            self.data.get(f"{spec.name}-sheet", "")
        ]
        if not held[0] and self.data.get("again") == f"sheet:{spec.name}" and spec.name not in self.errors:
            self.errors = {**self.errors, spec.name: [_("Choose a workbook or .csv first.")]}
        if not held[0] or self.data.get("again") == f"typed:{spec.name}":
            return
        try:
            self.filled = filling(self.scope, spec, held[0])
        except Invalid as refusal:
            self.errors = {
                **self.errors,
                spec.name: [said for found in refusal.fields.values() for said in found],
            }
        else:
            self.errors = {**self.errors, **self.filled.faults(self.act.inputs, self.raw(), self.scope)}

    def summary(self) -> ErrorSummary | None:
        """All errors on top of the form, each a link to its control."""
        if not self.errors:
            return None
        found = [
            self._told(place, sentence)
            for place, sentences in self._shown_errors().items()
            for sentence in sentences
        ]
        return ErrorSummary(errors=found) if found else None

    def _shown_errors(self) -> Mapping[str, Sequence[Words]]:
        """The errors on top of the form; those inside a sheet stand in its preview."""
        if self.filled is None:
            return self.errors
        inside = f"{self.filled.spec.name}."
        return {place: said for place, said in self.errors.items() if not place.startswith(inside)}

    def _told(self, place: str, sentence: Words) -> FieldError:
        name, _dot, inside = place.partition(".")
        spec = next((spec for spec in self.act.inputs.fields if spec.name == name), None)
        if spec is None:
            return FieldError(message=sentence)
        number, _dot, column = inside.partition(".")
        if not number.isdigit():
            return FieldError(
                message=format_lazy("{}{}{}", spec.label, say(": "), sentence),
                field_id=f"{self.act.name}-{name}",
            )
        line = self._line(spec, int(number))
        inner = next((one.label for one in spec.rows if one.name == column), column)
        return FieldError(
            message=format_lazy(_("{}, row {}, {}: {}"), spec.label, line + 1, inner, sentence),
            field_id=f"{self.act.name}-{name}-{line}-{column}",
        )

    def controls(self) -> list[object]:
        """The controls, in the order of the declaration."""
        return [self._wrapped(spec) for spec in self.act.inputs.fields]

    def options(self, path: str) -> components.Options:
        """The options of one choice, narrowed by what is typed over it. Raises ``NotFound``."""
        head, _dash, tail = path.partition("-")
        spec = next((spec for spec in self.act.inputs.fields if spec.name == head), None)
        if spec is not None and tail:
            inner = tail.partition("-")[2]
            spec = next((row for row in spec.rows if row.name == inner), None)
        if spec is None or spec.kind not in ("pick", "row"):
            raise NotFound
        found = self._offered(spec, path)[:OFFERED]
        return components.Options(
            choices=[(choice.value, choice.label) for choice in found],
            empty=_("Please choose") if found else _("Nothing found; type something else"),
        )

    def _wrapped(self, spec: InputField) -> object:
        control = self._control(spec, spec.name, self.errors.get(spec.name, ()))
        if spec.given is None:
            return control
        asked = next(one for one in self.act.inputs.fields if one.name == spec.given.name)
        values = ["on" if value is True else str(value) for value in spec.given.values]
        labels = dict(self.scope.codes(asked)) if asked.kind == "choice" else {}
        said = say(" / ").join(
            str(labels.get(value, say("yes") if value == "on" else value)) for value in values
        )
        return components.ConditionalControl(
            control=control,
            name=asked.name,
            values=values,
            said=format_lazy(_("Only where “{}” is: {}"), asked.label, said),
        )

    def _control(self, spec: InputField, name: str, errors: Sequence[Words]) -> object:
        if spec.kind == "rows":
            return self._lines(spec, errors)
        required = spec.required
        base = Field(
            name=name,
            label=spec.label,
            value=self._typed(spec, name),
            prefix=self.act.name,
            errors=errors,
            required=required,
            marks=spec.given is None,
            help=_("Kept under seal; shown only for a stated reason.") if spec.sealed else "",
        )
        if spec.kind in ("pick", "row"):
            return self._picker(spec, name, base)
        if spec.kind == "choice":
            choices = [FieldOption(value=code, label=label) for code, label in self.scope.codes(spec)]
            required = required or (spec.where_listed and bool(choices))
            few = len(choices) <= FEW and required
            return replace(base, kind="radios" if few else "select", choices=choices, required=required)
        if spec.kind == "files":
            return self._upload(spec, base)
        if spec.kind == "prose":
            longest = spec.longest or 0
            return replace(base, kind="textarea", max_length=longest, rows=4 if longest <= 2000 else 16)
        if spec.kind == "money":
            words = base.help or _("Such as 1,234.50 or 1.2万.")
            return replace(base, kind="number", step="0.01", unit=_("yuan"), help=words)
        if spec.kind == "whole":
            least, most = spec.bounds or (0, 0)
            within = format_lazy(_("From {} to {}."), least, most) if most < 10**9 else ""
            return replace(
                base,
                kind="number",
                unit=spec.unit,
                minimum=str(least),
                maximum=str(most),
                help=base.help or within,
            )
        plain: dict[str, Kind] = {
            "line": "text",
            "flag": "checkbox",
            "day": "date",
            "moment": "datetime-local",
        }
        # The length of a line is left to the engine: a browser cuts what is pasted without a word.
        return replace(base, kind=plain[spec.kind], required=required and spec.kind != "flag")

    def _typed(self, spec: InputField, name: str) -> str:
        if self.fresh:
            default = spec.default
            if spec.kind == "money" and default is not None:
                return yuan(default)
            if isinstance(default, bool):
                return "on" if default else ""
            return (
                ""
                if default is None or isinstance(default, list | tuple)
                else str(getattr(default, "value", default))
            )
        return self.data.get(name, "")

    # rows

    def _lines(self, spec: InputField, errors: Sequence[Words]) -> components.FormRows | components.Preview:
        upload = self._chosen(spec)
        if self.filled is not None and upload is not None:
            return self.filled.drawn(upload, self.errors)
        inside = self._inside(spec)
        lines = [
            components.FormRow(
                number=number + 1,
                controls=[
                    self._control(
                        inner, f"{spec.name}-{number}-{inner.name}", inside.get((number, inner.name), ())
                    )
                    for inner in spec.rows
                ],
                without=f"without:{spec.name}:{number}",
            )
            for number in range(self._count(spec.name))
        ]
        return components.FormRows(
            id=f"{self.act.name}-{spec.name}",
            name=spec.name,
            label=spec.label,
            lines=lines,
            more=f"more:{spec.name}",
            errors=errors,
            upload=upload,
        )

    def _inside(self, spec: InputField) -> dict[tuple[int, str], Sequence[Words]]:
        """The errors inside typed rows, by line and column."""
        found: dict[tuple[int, str], Sequence[Words]] = {}
        for place, sentences in self.errors.items():
            name, _dot, inside = place.partition(".")
            number, _dot, column = inside.partition(".")
            if name == spec.name and number.isdigit():
                found[self._line(spec, int(number)), column] = sentences
        return found

    def _chosen(self, spec: InputField) -> components.Upload | None:
        """Where a sheet is chosen, for an act that one can fill."""
        if self.act.inputs.sheet is not spec:
            return None
        return components.Upload(
            id=f"{self.act.name}-{spec.name}",
            name=spec.name,
            label=_("Choose another sheet") if self.filled else _("Fill from a workbook"),
            template_href=self._address("console:template", self.act.name),
        )

    # choices

    def _offered(self, spec: InputField, name: str) -> list[FieldOption]:
        text = self.data.get(f"{name}.q", "").strip()
        if spec.kind == "row":
            # A number asked for goes first; words aren't looked for: some may be sealed from who asks.
            return self._rows_from(spec, int(text) if text.isdecimal() and len(text) < 8 else 1)
        found = narrowed(self.scope.candidates(spec), text) if text else self.scope.candidates(spec)
        return self._choices(list(found[: OFFERED + 1]))

    def _rows_from(self, spec: InputField, first: int) -> list[FieldOption]:
        """The rows from a number on."""
        found = self.scope.rows(spec, first - 1, OFFERED + 1)
        return [FieldOption(value=str(number), label=label) for number, label in found]

    def _choices(self, found: Sequence[Any]) -> list[FieldOption]:
        labels = told_apart(found, self.scope.on)
        return [FieldOption(value=str(one.pk), label=label) for one, label in zip(found, labels, strict=True)]

    def _picker(self, spec: InputField, name: str, base: Field) -> object:
        offered = self._offered(spec, name)
        query = self.data.get(f"{name}.q", "")
        if len(offered) <= OFFERED and not query:
            return replace(base, kind="picker" if len(offered) > FEW else "select", choices=offered)
        shown = offered[:OFFERED]
        if base.value.isdigit() and base.value not in {choice.value for choice in shown}:
            shown = [*self._named(spec, int(base.value[:18])), *shown]
        many = len(offered) > OFFERED
        return components.Finder(
            control=replace(base, kind="select", choices=shown),
            name=name,
            select=base.id,
            address=self._choose(name),
            find="find",
            query=query,
            words=format_lazy(_("The first {} are listed; type to find others."), OFFERED) if many else "",
        )

    def _named(self, spec: InputField, value: int) -> list[FieldOption]:
        """What was chosen, though it isn't among the first."""
        if spec.kind == "row":
            return [one for one in self._rows_from(spec, value) if one.value == str(value)]
        return self._choices(list(self.scope.candidates(spec).filter(pk=value)))

    def _choose(self, name: str) -> str:
        return self._address("console:choose", self.act.name, name)

    def _address(self, view: str, *named: str) -> str:
        address = reverse(view, args=[self.act.matter.code, *named])
        return f"{address}?matter={self.matter_id}" if self.matter_id else address

    # files

    def _upload(self, spec: InputField, base: Field) -> components.KeptFiles:
        kept = []
        for pk in self._files(spec):
            try:
                file = reads.attachment(self.scope.actor, pk)
            except NotFound:
                continue
            kept.append(
                components.KeptFile(id=str(pk), name=file.name, href=reverse("console:file", args=[pk]))
            )
        words = format_lazy(_("At most {} files. Photos, PDF and office documents."), spec.most or 1)
        control = replace(base, kind="file", value="", multiple=(spec.most or 1) > 1, accept_words=words)
        return components.KeptFiles(control=control, name=spec.name, kept=kept)


def narrowed(found: models.QuerySet[Any], text: str) -> models.QuerySet[Any]:
    """Candidates by what was typed: a matter by number or title, anything else by name or code."""
    model = found.model
    if issubclass(model, Matter):
        return found.filter(search.found(text))
    if issubclass(model, Person):
        return identification.narrowed(found, text)
    condition = models.Q(pk__in=())
    for column in model._meta.concrete_fields:
        if column.name in ("name", "code", "title", "number"):
            for written in filter(str.isprintable, {text, search.folded(text)}):
                condition |= models.Q(**{f"{column.name}__icontains": written})
    return found.filter(condition)
