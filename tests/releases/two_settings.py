"""An installation of its own, with the toys and with release two of the app."""

from qingfeng.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.toys", "tests.releases.two"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
