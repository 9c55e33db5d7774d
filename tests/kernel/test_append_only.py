"""What is written is written: the database itself refuses to change, drop, replace or empty an append-only table."""

import pytest
from django.db import DatabaseError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.record import append_only_tables
from tests.sheets import sheet


def refused(statement: str, *parameters: object) -> str:
    """The words of the refusal."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(refusal.value)


FILLED = ["kernel_entry", "kernel_fact", "kernel_sealedvalue", "kernel_activatedregime"]


@pytest.mark.django_db
@pytest.mark.parametrize("table", FILLED)
def test_rows_are_neither_changed_nor_dropped(table: str) -> None:
    sheet("written_off")
    assert "append-only" in refused(f"UPDATE {table} SET id = id")
    assert "append-only" in refused(f"DELETE FROM {table}")


@pytest.mark.django_db
def test_a_row_is_not_replaced_by_another_under_its_key() -> None:
    sheet()
    columns = ", ".join(field.column for field in Entry._meta.concrete_fields)
    if connection.vendor == "sqlite":
        words = refused(f"INSERT OR REPLACE INTO kernel_entry ({columns}) SELECT {columns} FROM kernel_entry")
    else:
        words = refused(
            f"INSERT INTO kernel_entry ({columns}) SELECT {columns} FROM kernel_entry"
            " ON CONFLICT (id) DO UPDATE SET act = 'other'"
        )
    assert "append-only" in words


@pytest.mark.django_db
def test_a_row_is_not_replaced_by_another_under_its_other_unique_columns() -> None:
    entry = Entry.objects.get(matter=sheet())
    columns = [field.column for field in Entry._meta.concrete_fields if field.column != "id"]
    named = ", ".join(columns)
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO kernel_entry ({named}) SELECT {named} FROM kernel_entry")
    else:
        refused(
            f"INSERT INTO kernel_entry ({named}) SELECT {named} FROM kernel_entry"
            " ON CONFLICT (matter_id, seq) DO UPDATE SET act = 'other'"
        )
    assert Entry.objects.get(pk=entry.pk).act == "register"


@pytest.mark.django_db
@pytest.mark.parametrize("table", FILLED)
def test_a_table_is_not_emptied(table: str) -> None:
    sheet("written_off")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Else what the test's transaction has still to check would refuse it first.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert "append-only" in refused(f"TRUNCATE {table} CASCADE")
    else:
        assert "append-only" in refused(f"DELETE FROM {table}")


def test_after_a_migration_that_rebuilds_a_table_the_triggers_stand_again(fresh_database: str) -> None:
    from django.core.management import call_command
    from django.db.migrations.executor import MigrationExecutor

    state: ProjectState = MigrationExecutor(connection).loader.project_state()
    wider = migrations.AddField(
        "fact", "remark", models.CharField(max_length=10, default="", db_default=models.Value(""))
    )
    after = state.clone()
    wider.state_forwards("kernel", after)
    with connection.schema_editor() as editor:
        wider.database_forwards("kernel", editor, state, after)
    call_command("migrate", verbosity=0, skip_checks=True)
    assert append_only_tables.missing("default") == []
    sheet("assigned")
    assert "append-only" in refused("DELETE FROM kernel_fact")


def test_every_table_of_the_ledger_is_among_those_guarded() -> None:
    tables = {model._meta.db_table for model in append_only_tables.guarded()}
    assert tables >= {
        "kernel_entry",
        "kernel_checkpoint",
        "kernel_leaf",
        "kernel_fact",
        "kernel_bookentry",
        "kernel_sealedvalue",
        "kernel_journalentry",
        "kernel_link",
        "kernel_activatedregime",
    }
