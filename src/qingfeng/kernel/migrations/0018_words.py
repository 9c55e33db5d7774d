from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0017_drafts")]

    operations = [
        migrations.AlterModelOptions(
            name="activatedregime",
            options={"verbose_name": "regime", "verbose_name_plural": "regimes"},
        ),
        migrations.AlterModelOptions(
            name="roleholding",
            options={"verbose_name": "role holding", "verbose_name_plural": "role holdings"},
        ),
    ]
