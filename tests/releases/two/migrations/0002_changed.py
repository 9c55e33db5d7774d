"""What the second release changes: it renames, removes, adds, gives another type, and one value of old rows."""

from django.db import migrations, models

from tests.releases.two.models import marks


def dried(apps, schema_editor):
    apps.get_model("releases", "Barrel").objects.filter(volume=30).update(wood="干橡木")


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]

    operations = [
        migrations.RenameField("barrel", "litres", "volume"),
        migrations.AlterField("barrel", "volume", models.PositiveIntegerField("容量", default=0)),
        migrations.RemoveField("barrel", "cooper"),
        migrations.AddField("barrel", "origin", models.CharField("产地", max_length=20, default="本地")),
        migrations.AddField("barrel", "marks", models.JSONField("印记", default=marks)),
        migrations.RemoveField("cellar", "keeper"),
        migrations.AlterField("cellar", "depth", models.PositiveIntegerField("深度", default=3)),
        migrations.AddField("cellar", "door", models.CharField("门", max_length=10, default="东")),
        migrations.AddField("cellar", "marks", models.JSONField("印记", default=marks)),
        migrations.AddField("hoop", "width", models.PositiveIntegerField("宽", default=2)),
        migrations.RunPython(dried),
    ]
