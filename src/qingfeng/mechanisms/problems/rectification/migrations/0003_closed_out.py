from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rectification", "0002_second_person"),
    ]

    operations = [
        migrations.AlterField(
            model_name="problem",
            name="written_off_on",
            field=models.DateField(null=True, verbose_name="closed out on"),
        ),
        migrations.AlterField(
            model_name="slip",
            name="cause",
            field=models.CharField(
                choices=[
                    ("near", "the end is near"),
                    ("plan", "no plan in time"),
                    ("behind", "a step of the plan is behind"),
                    ("sent_back", "sent back"),
                    ("unsigned", "not acknowledged in time"),
                    ("overdue", "not rectified in time"),
                ],
                max_length=10,
                verbose_name="cause",
            ),
        ),
    ]
