"""When a matter was closed stands on the matter itself, so that what goes out can be counted week by week."""

from typing import ClassVar

from django.db import migrations, models

CLOSED = """
UPDATE kernel_matter SET closed_at = (
    SELECT at FROM kernel_entry
    WHERE kernel_entry.matter_id = kernel_matter.id AND kernel_entry.seq = kernel_matter.version
) WHERE closed
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kernel", "0005_dropped_steps")]

    operations: ClassVar = [
        migrations.AddField(
            "matter", "closed_at", models.DateTimeField(null=True, editable=False, verbose_name="closed")
        ),
        migrations.RunSQL(CLOSED, migrations.RunSQL.noop),
        migrations.AddIndex("matter", models.Index("opened_at", name="matter_opened")),
        migrations.AddIndex(
            "matter", models.Index("closed_at", name="matter_closed", condition=models.Q(closed=True))
        ),
    ]
