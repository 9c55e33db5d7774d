"""The page of components, sample pages of each shell, and the reader's preferences."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from qingfeng.faces.design import samples, shell

_YEAR = 365 * 24 * 3600


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component on one page, with made-up content."""
    return render(request, "design/pages/components.html", samples.everything())


@require_GET
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """A whole page as it is meant: matter, inbox, sign-in, refusal, public."""
    template, context = samples.page(name)
    return render(request, template, context)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep theme, type size or language in a cookie and go back where one was."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    languages = tuple(code for code, _name in settings.LANGUAGES)
    for name, cookie, allowed in (
        ("theme", shell.THEME_COOKIE, shell.THEMES),
        ("size", shell.SIZE_COOKIE, shell.SIZES),
        ("language", settings.LANGUAGE_COOKIE_NAME, languages),
    ):
        value = request.POST.get(name, "")
        if value in allowed:
            response.set_cookie(
                cookie, value, max_age=_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
            )
    return response
