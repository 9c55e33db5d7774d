from django.apps import AppConfig


class ReleaseConfig(AppConfig):
    name = "tests.releases.one"
    label = "releases"
