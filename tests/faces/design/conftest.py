"""The design system stands by itself here: its own addresses, templates and words, no database."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import include, path
from django.utils import translation
from django.utils.translation import trans_real

import qingfeng

PARTS = Path(qingfeng.__file__).parent / "locale" / "zh_Hans" / "parts"

urlpatterns = [path("design/", include("qingfeng.faces.design.urls"))]


@pytest.fixture(scope="session")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A locale folder with all the parts' translations, compiled: a word stands in one part only."""
    folder = tmp_path_factory.mktemp("locale")
    target = folder / "zh_Hans" / "LC_MESSAGES"
    target.mkdir(parents=True)
    joined = Catalog(locale="zh_Hans")
    for part in sorted(PARTS.glob("*.po")):
        with part.open("rb") as source:
            for message in read_po(source, locale="zh_Hans"):
                if message.id:
                    joined[message.id] = message
    with (target / "django.mo").open("wb") as compiled:
        write_mo(compiled, joined)
    return folder


@pytest.fixture
def design(settings, words):
    """Settings with the design system in them, routed under /design/."""
    settings.INSTALLED_APPS = ["qingfeng.faces.design", "django_htmx", "django.contrib.staticfiles"]
    settings.ROOT_URLCONF = __name__
    settings.LOCALE_PATHS = [words]
    settings.MIDDLEWARE = [
        "qingfeng.faces.security.SecurityHeaders",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "qingfeng.faces.design.shell.preferences",
                ]
            },
        }
    ]
    trans_real._translations.clear()
    with translation.override("zh-hans"):
        yield settings
    trans_real._translations.clear()


@pytest.fixture
def client(design) -> Client:
    return Client()
