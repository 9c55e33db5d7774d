"""An index of the clocks that stand still, for whoever lets them run on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0007_lent")]
    operations = [
        migrations.AddIndex(
            model_name="running",
            index=models.Index(
                condition=models.Q(models.Q(("paused_at", None), _negated=True), ("stopped_at", None)),
                fields=["paused_at"],
                name="clocks_paused",
            ),
        ),
    ]
