from django.db import migrations

from tests.upgrade.next import last
from tests.upgrade.next.leave import __path__ as folders


class Migration(migrations.Migration):
    dependencies = [("leave", last(folders[-1]))]
    operations = [migrations.RemoveField("leave", "proof_due")]
