from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("statement", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="statement",
            name="asked_by",
            field=models.CharField(
                choices=[
                    ("supervision_office", "Supervision office"),
                    ("discipline_organ", "Discipline organ"),
                    ("organization_department", "Organization department"),
                    ("finance", "Finance department"),
                    ("leader", "Leader in charge"),
                    ("unit_head", "Principal head of a unit"),
                    ("unit_clerk", "Unit clerk"),
                    ("cadre", "Cadre"),
                    ("system_administrator", "System administrator"),
                    ("security_administrator", "Security administrator"),
                    ("audit_administrator", "Audit administrator"),
                ],
                default="supervision_office",
                max_length=40,
                verbose_name="asked for by",
            ),
        ),
    ]
