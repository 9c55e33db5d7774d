from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("problem_lists", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="item",
            name="put_right_on",
            field=models.DateField(null=True, verbose_name="reported as rectified"),
        ),
        migrations.AlterField(
            model_name="item",
            name="written_off_on",
            field=models.DateField(null=True, verbose_name="closed out"),
        ),
    ]
