from django.urls import path, re_path

from qingfeng.faces.design import views

app_name = "design"
urlpatterns = [
    path("", views.components, name="components"),
    re_path(r"^sample/(?P<name>matter|inbox|sign-in|refusal|public)/$", views.sample, name="sample"),
    path("preferences/", views.preferences, name="preferences"),
]
