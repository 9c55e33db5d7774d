"""What came in and went out is counted from its indexes alone."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("kernel", "0020_duties")]

    operations = [
        migrations.RemoveIndex("matter", "matter_opened"),
        migrations.RemoveIndex("matter", "matter_closed"),
        migrations.AddIndex(
            "matter", models.Index("opened_at", "mechanism", "jurisdiction", name="matter_opened")
        ),
        migrations.AddIndex(
            "matter",
            models.Index(
                "closed_at",
                "mechanism",
                "jurisdiction",
                name="matter_closed",
                condition=Q(closed_at__isnull=False),
            ),
        ),
    ]
