"""An installation of its own with release one of the app."""

from qingfeng.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.releases.one"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
