"""An index on the keys of sealed values: which keys the data need is asked at every start."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0009_search_folded")]

    operations = [
        migrations.AddIndex(
            model_name="sealedvalue",
            index=models.Index(fields=["key", "id"], name="sealed_by_key"),
        ),
    ]
