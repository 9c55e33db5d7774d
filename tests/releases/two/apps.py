from django.apps import AppConfig


class ReleaseConfig(AppConfig):
    name = "tests.releases.two"
    label = "releases"
