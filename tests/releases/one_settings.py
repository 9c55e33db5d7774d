"""An installation of its own, with the toys and with release one of the app."""

from qingfeng.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.toys", "tests.releases.one"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
