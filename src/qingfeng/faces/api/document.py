"""The OpenAPI description 接口说明, written from the declarations in the reader's language."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as say

from qingfeng.faces.api.error_shapes import ErrorAnswer
from qingfeng.faces.api.errors import JSON, PLAIN, shape
from qingfeng.faces.api.general import TAG
from qingfeng.faces.api.requests import KEY, VERSION
from qingfeng.faces.api.routing import BYTES, ApiOperation, Face
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.matters.registry import mechanisms

SCHEMAS = "#/components/schemas/"


class Description:
    """The description of a face, one for each language, made when first asked for."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.written = cache(self.write)

    def view(self, request: HttpRequest) -> HttpResponse:
        """Answer with the description; it is public."""
        return HttpResponse(self.written(translation.get_language_from_request(request)), content_type=JSON)

    def write(self, language: str) -> str:
        """The description as JSON."""
        with translation.override(language):
            return json.dumps(self.document(), ensure_ascii=False, indent=1, default=str)

    def document(self) -> dict[str, Any]:
        """The description, in the language in force."""
        drawn = dict(self.face.get_openapi_schema(path_prefix="/api/v1/"))
        schemas = drawn["components"]["schemas"]
        for schema in schemas.values():
            schema.pop("description", None)
        for path in drawn["paths"].values():
            for method, described in path.items():
                operation = self.face.operations[described["operationId"]]
                path[method] = _described(described, operation, schemas)
        schemas["ErrorAnswer"], inner = _schema(ErrorAnswer, SCHEMAS, "serialization")
        schemas.update(inner)
        drawn["info"]["title"] = say("Qingfeng: conduct and effectiveness")
        drawn["info"]["description"] = say(
            "Every act and every read, as their declarations have them. Acts take the version you saw"
            " (If-Match) and a key under which they are done once (Idempotency-Key)."
        )
        drawn["tags"] = [{"name": TAG, "description": say("Across all mechanisms")}] + [
            {"name": code, "description": str(matter._meta.verbose_name)}
            for code, matter in mechanisms().items()
        ]
        drawn["components"]["responses"] = {f"Error{status}": _error(status) for status in PLAIN}
        drawn["components"]["parameters"] = {
            VERSION: _header(
                VERSION,
                say("The version you saw, as ETag gave it; refused when the matter moved on."),
                r'^(\*|(W/)?"?[0-9]{1,9}"?)$',
                '"3"',
            ),
            KEY: _header(
                KEY, say("The same key with the same input is done once."), r"^[\x21-\x7e]{1,80}$", "5f3a"
            ),
        }
        return drawn


def _described(drawn: dict[str, Any], operation: ApiOperation, schemas: dict[str, Any]) -> dict[str, Any]:
    described = {**drawn, "summary": str(operation.label), "description": str(operation.text)}
    described["responses"] = drawn["responses"] | {
        status: {"$ref": f"#/components/responses/Error{status}"} for status in operation.errors
    }
    act = operation.act
    if act is not None:
        headers = [VERSION, KEY] if not act.opens else [KEY]
        described["parameters"] = drawn["parameters"] + [
            {"$ref": f"#/components/parameters/{name}"} for name in headers
        ]
        described["requestBody"] = _body(act, schemas)
    if operation.takes_file:
        form = {
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary"}},
            "required": ["file"],
        }
        described["requestBody"] = {"content": {"multipart/form-data": {"schema": form}}, "required": True}
    if operation.answer is BYTES:
        described["responses"][operation.status]["content"] = {"*/*": {"schema": {}}}
    return described


def _body(act: Act, schemas: dict[str, Any]) -> dict[str, Any]:
    name = f"{act.matter.code}.{act.name}"
    schema, inner = _schema(act.inputs.schema, f"{SCHEMAS}{name}.")
    schemas.update({f"{name}.{part}": found for part, found in inner.items()})
    for spec in act.inputs.fields:
        _titled(schema, spec, act)
        if spec.kind == "rows":
            drawn = schema["properties"][spec.name]
            # Rows that may be left out are a list or null.
            listed = next(part for part in (drawn, *drawn.get("anyOf", ())) if "items" in part)
            for column in spec.rows:
                _titled(schemas[listed["items"]["$ref"].removeprefix(SCHEMAS)], column, act)
    schemas[name] = schema
    required = any(spec.required and spec.given is None for spec in act.inputs.fields)
    return {"content": {"application/json": {"schema": {"$ref": f"{SCHEMAS}{name}"}}}, "required": required}


def _titled(schema: dict[str, Any], spec: InputField, act: Act) -> None:
    schema["properties"][spec.name]["title"] = str(spec.label)
    _hint(schema["properties"][spec.name], spec, act)


def _hint(schema: dict[str, Any], spec: InputField, act: Act) -> None:
    if spec.kind in ("pick", "choice", "row") and not spec.options:
        schema["description"] = say("One of the values that choices/%(act)s/%(field)s offers.") % {
            "act": act.name,
            "field": spec.name,
        }
    if spec.kind == "money":
        schema["description"] = say("A whole number of fen: 123450 is 1,234.50 yuan.")
    if spec.kind == "files":
        schema["description"] = say("Ids of files handed in before, to /api/v1/attachments.")


def _schema(model: Any, prefix: str, mode: Any = "validation") -> tuple[dict[str, Any], dict[str, Any]]:
    schema = model.model_json_schema(ref_template=f"{prefix}{{model}}", mode=mode)
    inner = schema.pop("$defs", {})
    for part in (schema, *inner.values()):
        part.pop("description", None)
    for part in inner.values():
        # Generators name classes by titles, and two acts may have rows of one name.
        part["title"] = f"{schema['title']}{part['title']}"
    return schema, inner


def _error(status: int) -> dict[str, Any]:
    refusal = PLAIN[status]()
    return {
        "description": f"{HTTPStatus(status).phrase}: {refusal.reason}",
        "content": {
            "application/json": {"schema": {"$ref": f"{SCHEMAS}ErrorAnswer"}, "example": shape(refusal)}
        },
    }


def _header(name: str, text: str, pattern: str, example: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": text,
        "schema": schema,
        "example": example,
    }
