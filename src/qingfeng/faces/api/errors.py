"""One shape for every error of this face, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from qingfeng.kernel.acts.sentences import sentence
from qingfeng.kernel.refusals import Barred, Conflict, Invalid, NotFound, Refusal
from qingfeng.kernel.text.words import Words

JSON = "application/json; charset=utf-8"


class MalformedRequest(Refusal):
    """What was sent can't be read."""

    status = 400
    code = "malformed"

    def __init__(self) -> None:
        super().__init__(
            _("What was sent can't be read."),
            remedy=_("Send one JSON object in UTF-8, nested no deeper than this operation asks for."),
        )


class Unauthenticated(Refusal):
    """No token that stands."""

    status = 401
    code = "unauthenticated"

    def __init__(self) -> None:
        super().__init__(
            _("This needs a token that is in force."),
            remedy=_("Send it as “Authorization: Bearer …”; your administrator issues tokens."),
        )


class WrongMethod(Refusal):
    """The address stands, the method does not."""

    status = 405
    code = "wrong_method"

    def __init__(self) -> None:
        super().__init__(
            _("This address does not take this method."), remedy=_("Use one that the Allow header lists.")
        )


class RequestTooLarge(Refusal):
    """More than this face takes."""

    status = 413
    code = "too_large"

    def __init__(self) -> None:
        super().__init__(_("This is too large."), remedy=_("Send less at once."))


class WrongType(Refusal):
    """Neither JSON nor, where files go, a form."""

    status = 415
    code = "wrong_type"

    def __init__(self) -> None:
        super().__init__(
            _("This kind of content is not taken here."),
            remedy=_("Send application/json; files go to /api/v1/attachments as multipart/form-data."),
        )


class TooManyRequests(Refusal):
    """More requests a minute than a token may send; ``wait`` is in seconds."""

    status = 429
    code = "too_many"

    def __init__(self, wait: int = 60) -> None:
        super().__init__(
            _("Too many requests within a minute."),
            remedy=_("Wait as many seconds as the Retry-After header says."),
        )
        self.wait = wait


class InternalError(Refusal):
    """A fault of ours."""

    status = 500
    code = "broken"

    def __init__(self) -> None:
        super().__init__(
            _("Something broke on our side; nothing of yours was stored."),
            remedy=_("Try again later; if it stays, tell your administrator when it happened."),
        )


class DatabaseUnavailable(Refusal):
    """The database does not answer."""

    status = 503
    code = "away"

    def __init__(self) -> None:
        super().__init__(
            _("The database does not answer just now; nothing of yours was stored."),
            remedy=_("Try again after as many seconds as the Retry-After header says."),
        )


PLAIN: dict[int, Callable[[], Refusal]] = {
    400: MalformedRequest,
    401: Unauthenticated,
    403: lambda: Barred(_("This is not for you to do."), remedy=_("Ask who manages role holdings.")),
    404: NotFound,
    405: WrongMethod,
    409: Conflict,
    413: RequestTooLarge,
    415: WrongType,
    422: lambda: Invalid({}),
    429: TooManyRequests,
    500: InternalError,
    503: DatabaseUnavailable,
}
"""What each status means where nothing more is known."""


def shape(refusal: Refusal) -> dict[str, Any]:
    """The one shape of an error."""
    fields: dict[str, Sequence[Words]] = getattr(refusal, "fields", {})
    return {
        "error": {
            "code": refusal.code,
            "reason": str(refusal.reason),
            "remedy": str(refusal.remedy),
            "clause": refusal.clause,
            "grounds": [
                {"reason": str(ground.reason), "clause": ground.clause}
                for ground in getattr(refusal, "grounds", ())
            ],
            "fields": {name: [str(words) for words in sentences] for name, sentences in fields.items()},
        }
    }


def answer(request: HttpRequest, refusal: Any) -> HttpResponse:
    """The response to a refusal, in the language the request asks for."""
    with translation.override(translation.get_language_from_request(request)):
        body = orjson.dumps(shape(refusal))
    response = HttpResponse(body, status=refusal.status, content_type=JSON)
    if refusal.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, TooManyRequests):
        response["Retry-After"] = str(refusal.wait)
    return response


def handle(api: NinjaAPI) -> None:
    """Let every error of an operation leave in the one shape."""
    api.add_exception_handler(Refusal, answer)
    api.add_exception_handler(ValidationError, _misfit)
    api.add_exception_handler(AuthenticationError, lambda request, fault: answer(request, Unauthenticated()))
    api.add_exception_handler(RequestDataTooBig, lambda request, fault: answer(request, RequestTooLarge()))


def _misfit(request: HttpRequest, fault: Any) -> HttpResponse:
    wrong: dict[str, list[Words]] = {}
    for error in fault.errors:
        wrong.setdefault(str(error["loc"][-1]), []).append(sentence(error))
    return answer(request, Invalid(wrong))


class OneShape:
    """Gives errors that never reached an operation the same shape: unknown addresses, methods, hosts, faults."""

    def __init__(self, inner: Callable[[HttpRequest], HttpResponse]) -> None:
        self.inner = inner

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.inner(request)
        if (
            not request.path_info.startswith("/api/")
            or response.status_code < 400
            or response.headers.get("Content-Type") == JSON
        ):
            return response
        plain = PLAIN.get(
            response.status_code, MalformedRequest if response.status_code < 500 else InternalError
        )
        shaped = answer(request, plain())
        for name in {"Allow", "Retry-After"} & response.headers.keys():
            shaped[name] = response.headers[name]
        return shaped
