"""The addresses of this face."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from qingfeng.faces.api import calendar, desks, errors, files, general
from qingfeng.faces.api.auth import BearerToken
from qingfeng.faces.api.document import Description
from qingfeng.faces.api.operations import MechanismFace
from qingfeng.faces.api.routing import Face
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.refusals import Misdeclared, NotFound


def build() -> Face:
    """The face, from every declaration there is. Raises ``Misdeclared`` for a mechanism that takes another's address."""
    face = Face(
        title="Qingfeng",
        version="1",
        auth=BearerToken(),
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
    )
    errors.handle(face)
    general.hang(face)
    desks.hang(face)
    files.hang(face)
    taken = {operation.address.split("/")[1] for operation in face.operations.values()} | {"openapi.json"}
    for code, matter in mechanisms().items():
        if code in taken:
            raise Misdeclared(
                f"{code}: no mechanism may be named so, the REST interface has an address of that name"
            )
        MechanismFace(face, matter).hang()
    return face


def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """No such address."""
    return errors.answer(request, NotFound())


nothing.csrf_exempt = True  # type: ignore[attr-defined]
api = build()
description = Description(api)

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendar.ics", calendar.feed, name="calendar"),
    path("v1/openapi.json", description.view),
    path("v1/", api.urls),
    re_path(r"^(?P<rest>.*)$", nothing),
]
