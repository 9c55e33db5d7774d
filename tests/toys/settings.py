"""The settings under test, with the toys installed beside the real mechanisms."""

from tests.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.toys", "tests.toys.duty"]
