"""Organization as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class OrganizationConfig(AppConfig):
    """The acts upon parties and upon the regime; and upgrades, which are entered whenever a migration ran."""

    name = "qingfeng.organization"
    label = "organization"
    verbose_name = _("Organization")

    def ready(self) -> None:
        from qingfeng.organization.upgrade import MigrationListener

        upgrading = MigrationListener()
        pre_migrate.connect(upgrading.before, sender=self, weak=False)
        post_migrate.connect(upgrading.after, sender=self, weak=False)
