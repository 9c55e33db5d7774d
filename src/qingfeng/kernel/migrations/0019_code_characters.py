from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0018_words")]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="code_characters",
            field=models.CharField(
                blank=True,
                help_text="They stand for it in the numbers of its documents.",
                max_length=20,
                verbose_name="code characters",
            ),
        ),
    ]
