"""Every address of the site: each face hangs its own below its own root."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
