"""Pages a mechanism draws itself of one matter, within the house's frame."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from qingfeng.faces.console.drawn import address_of, chip_of, mechanism_name
from qingfeng.faces.console.visit import Visit, page, staff
from qingfeng.faces.design.parts import Button, Crumb, PageHeader
from qingfeng.kernel import reads
from qingfeng.kernel.matters.models import Matter


@require_safe
@staff
def bespoke(visit: Visit, code: str, pk: int, name: str) -> HttpResponse:
    """A mechanism's own page of a matter, for whoever may read the matter."""
    opened = reads.page(visit.actor, code, pk, name, visit.now, visit.GET.dict())
    matter = opened.matter
    header = PageHeader(
        title=opened.page.label,
        lead=matter.title,
        number=matter.number,
        crumbs=(
            Crumb(label=mechanism_name(type(matter)), href=reverse("console:listing", args=[code])),
            Crumb(label=matter.number, href=address_of(matter)),
        ),
        state=(chip_of(matter),),
    )
    own = {"matter": matter, "header": header, "drawn_by": opened.page}
    return page(visit, "bespoke", {**opened.context, **own})


def buttons(matter: Matter) -> list[Button]:
    """The ways to a matter's own pages."""
    return [
        Button(label=one.label, href=reverse("console:bespoke", args=[matter.mechanism, matter.pk, one.name]))
        for one in type(matter).pages
    ]
