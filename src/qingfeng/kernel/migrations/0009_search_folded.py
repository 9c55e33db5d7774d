"""Index every matter anew: titles are folded now, and the last character of a run stands for itself too."""

from typing import Any

from django.db import migrations

from qingfeng.kernel.search import index


def again(apps: Any, _editor: Any) -> None:
    for matter in apps.get_model("kernel", "Matter").objects.order_by("pk").iterator(2000):
        index(matter)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0008_clocks_paused")]
    operations = [migrations.RunPython(again, migrations.RunPython.noop)]
