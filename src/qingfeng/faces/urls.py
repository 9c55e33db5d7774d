"""Every address of the site: each face hangs its own below its own root."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("qingfeng.faces.api.urls")),
    path("design/", include("qingfeng.faces.design.urls")),
    path("", include("qingfeng.faces.console.urls")),
]

handler400 = "qingfeng.faces.console.refusal_pages.bad_request"
handler403 = "qingfeng.faces.console.refusal_pages.forbidden"
handler404 = "qingfeng.faces.console.refusal_pages.not_found"
handler500 = "qingfeng.faces.console.refusal_pages.server_error"
