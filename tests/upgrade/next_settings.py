"""An installation of the version after this one."""

from qingfeng.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.upgrade.next"]
MIGRATION_MODULES = {name: f"tests.upgrade.next.{name}" for name in ("leave", "rectification")}
