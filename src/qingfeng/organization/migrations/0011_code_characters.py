from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organization", "0010_words")]

    operations = [
        migrations.AddField(
            model_name="formername",
            name="code_characters",
            field=models.CharField(blank=True, max_length=20, verbose_name="code characters"),
        ),
    ]
