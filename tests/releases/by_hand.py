"""Upgrades that went wrong, each told as JSON by what ``verify`` names: ``python -m tests.releases.by_hand WAY``.

faulty: rows were changed by hand before the upgrade. passed_by: the migrations ran where nothing heard of them.
"""

import json
import sys
from typing import Any

import django
from django.core.management import call_command


def named() -> dict[str, str]:
    from qingfeng.kernel.ledger.verify import verify

    return {fault.where: str(fault) for fault in verify()}


def faulty() -> dict[str, Any]:
    from django.db import connection

    from bench.tampering import unguard
    from qingfeng.kernel.record import append_only_tables

    unguard()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE releases_barrel SET cooper = '戊匠' WHERE litres = 30")
        cursor.execute("UPDATE releases_cellar SET keeper = '戊匠' WHERE name = '60号库'")
        cursor.execute("UPDATE kernel_unit SET name = '住房局' WHERE id = (SELECT min(id) FROM kernel_unit)")
    append_only_tables.install("default")
    call_command("migrate", skip_checks=True, verbosity=0)
    return {"after": named()}


def passed_by() -> dict[str, Any]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    before = named()
    call_command("migrate", skip_checks=True, verbosity=0)
    return {"before": before, "after": named()}


def main() -> None:
    django.setup()
    told = {"faulty": faulty, "passed_by": passed_by}[sys.argv[1]]()
    from tests.releases.two.models import Barrel, Cellar

    told["barrels"] = dict(Barrel.objects.values_list("title", "pk"))
    told["cellars"] = dict(Cellar.objects.values_list("name", "pk"))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
