from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0019_code_characters")]

    operations = [
        migrations.RemoveConstraint(model_name="opened", name="one_matter_a_period"),
        migrations.AddField(
            model_name="opened",
            name="subject",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddConstraint(
            model_name="opened",
            constraint=models.UniqueConstraint(
                fields=("jurisdiction", "duty", "period", "subject"), name="one_matter_a_period"
            ),
        ),
    ]
