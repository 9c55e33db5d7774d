from django.db import migrations, models

from tests.upgrade.next import last
from tests.upgrade.next.rectification import __path__ as folders


class Migration(migrations.Migration):
    dependencies = [("rectification", last(folders[-1]))]
    operations = [
        migrations.AddField("problem", "channel", models.CharField("渠道", max_length=20, default="督查")),
        migrations.AddField("slip", "seen", models.BooleanField("已阅", default=False)),
    ]
