from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_side_fields")]

    operations = [
        migrations.AlterModelOptions(
            name="layout",
            options={"verbose_name": "saved mapping", "verbose_name_plural": "saved mappings"},
        ),
        migrations.AlterModelOptions(
            name="message",
            options={"verbose_name": "message", "verbose_name_plural": "messages"},
        ),
    ]
