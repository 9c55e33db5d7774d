"""How an operation is hung at its address, with everything its description needs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.params.models import Query
from ninja.renderers import BaseRenderer
from pydantic import BaseModel

from qingfeng.faces.api import requests
from qingfeng.faces.api.parameters import LARGEST, Address
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.refusals import Misdeclared, NotFound
from qingfeng.kernel.text.words import Words

READ_ERRORS = (400, 401, 403, 404, 422, 429)
ACT_ERRORS = (400, 401, 403, 404, 409, 413, 415, 422, 429)
PATH_TYPES: Mapping[str, Any] = {"int": Address, "uuid": UUID, "slug": str}

BYTES = None
"""The answer of an operation that gives a file."""

View = Callable[..., Any]


@dataclass(frozen=True)
class ApiOperation:
    """An operation: its name is stable, its words are for the reader of the description."""

    name: str
    method: str
    address: str
    answer: Any
    label: Words
    text: Words
    tag: str
    query: type[BaseModel] | None = None
    errors: tuple[int, ...] = READ_ERRORS
    status: int = 200
    act: Act | None = None
    takes_file: bool = False


class ReadableJson(BaseRenderer):
    """JSON in which Chinese stays readable."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, option=orjson.OPT_UTC_Z)


class Face(NinjaAPI):
    """The REST interface, which knows its operations by name."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(renderer=ReadableJson(), **settings)
        self.operations: dict[str, ApiOperation] = {}

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        response = super().create_temporal_response(request)
        response["Cache-Control"] = "private, no-cache"
        return response

    def hang(self, operation: ApiOperation, view: View) -> None:
        """Hang a view at its address. Raises ``Misdeclared`` where the name is taken."""
        if operation.name in self.operations:
            raise Misdeclared(f"two operations are named {operation.name}")
        self.operations[operation.name] = operation
        self.default_router.add_api_operation(
            operation.address,
            [operation.method],
            _signed(operation, view),
            auth=self.auth,
            response={operation.status: operation.answer},
            operation_id=operation.name,
            tags=[operation.tag],
            url_name=operation.name,
        )


def _signed(operation: ApiOperation, view: View) -> View:
    """The view under the signature its address and query ask for, refusing every other parameter."""
    known = set(operation.query.model_fields) if operation.query else set()

    def checked(request: HttpRequest, response: HttpResponse, **values: Any) -> Any:
        requests.known(request, known)
        if any(isinstance(value, int) and value > LARGEST for value in values.values()):
            raise NotFound
        return view(request, response, **values)

    keyword = inspect.Parameter.KEYWORD_ONLY
    wanted = [
        inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD),
        inspect.Parameter("response", keyword, annotation=HttpResponse),
    ]
    for kind, name in requests.HOLES.findall(operation.address):
        wanted.append(inspect.Parameter(name, keyword, annotation=PATH_TYPES[kind]))
    if operation.query is not None:
        wanted.append(inspect.Parameter("query", keyword, annotation=operation.query, default=Query(...)))
    checked.__signature__ = inspect.Signature(wanted)  # type: ignore[attr-defined]
    return checked
