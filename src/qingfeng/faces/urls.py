"""Every address of the site: each face hangs its own below its own root."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("qingfeng.faces.api.urls")),
    path("design/", include("qingfeng.faces.design.urls")),
    path("", include("qingfeng.faces.console.urls")),
]

handler400 = "qingfeng.faces.console.refused.bad_request"
handler403 = "qingfeng.faces.console.refused.forbidden"
handler404 = "qingfeng.faces.console.refused.not_found"
handler500 = "qingfeng.faces.console.refused.server_error"
