"""Edits by hand, each with the rows that a fault has to name; ``trying`` tries them all, those of ``further`` too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Edit = Callable[[], set[str]]
"""Makes the edit, and returns names of which a fault has to bear one."""

EDITS: dict[str, Edit] = {}


def edit(made: Edit) -> Edit:
    """Take an edit into the list, under its own name."""
    EDITS[made.__name__] = made
    return made


def run(statement: str, *values: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount, f"nothing was changed by {statement}"


def ask(statement: str, *values: Any) -> Any:
    """The first column of the first row."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    assert row is not None, f"nothing is found by {statement}"
    return row[0]


def put(table: str, key: Any, column: str, value: Any, of: str = "id") -> None:
    run(f'UPDATE {table} SET "{column}" = %s WHERE {of} = %s', value, key)


def swap(table: str, one: Any, other: Any, column: str) -> None:
    values = [ask(f'SELECT "{column}" FROM {table} WHERE id = %s', key) for key in (one, other)]
    put(table, other, column, "passing" if isinstance(values[1], str) else values[1])
    put(table, one, column, values[1])
    put(table, other, column, values[0])


def copy(table: str, key: Any, of: str = "id", **changes: Any) -> None:
    """A second row like another, but for some columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {of} = %s", [key])
        row = (
            dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True)) | changes
        )
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join(["%s"] * len(row))
        values = [json.dumps(one) if isinstance(one, dict | list) else one for one in row.values()]
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)


def person(name: str) -> int:
    return int(ask("SELECT person_id FROM kernel_account WHERE username = %s", name))


def account(name: str) -> int:
    return int(ask("SELECT id FROM kernel_account WHERE username = %s", name))


def picture(name: str) -> Any:
    return ask("SELECT id FROM kernel_attachment WHERE name = %s", name)


def attachment(name: str) -> tuple[Any, set[str]]:
    """An attachment's key as the table has it, and its name in a fault."""
    from uuid import UUID

    key = picture(name)
    return key, {f"kernel.attachment:{key if isinstance(key, UUID) else UUID(key)}"}


def matter(title: str) -> int:
    return int(ask("SELECT id FROM kernel_matter WHERE title = %s ORDER BY id", title))


def barrel(litres: int) -> int:
    return int(ask("SELECT matter_ptr_id FROM releases_barrel WHERE volume = %s", litres))


def cellar(name: str) -> int:
    return int(ask("SELECT id FROM releases_cellar WHERE name = %s", name))


# People, accounts and what they hold


@edit
def two_people_exchange_their_names() -> set[str]:
    one, other = person("clerk_housing"), person("clerk_education")
    swap("kernel_person", one, other, "name")
    return {f"kernel.person:{one}"}


@edit
def a_person_is_called_otherwise() -> set[str]:
    put("kernel_person", person("cadre"), "name", "无名氏")
    return {f"kernel.person:{person('cadre')}"}


@edit
def a_person_is_emptied_as_if_erased() -> set[str]:
    run("UPDATE kernel_person SET name = '', salt = '' WHERE id = %s", person("finance"))
    return {f"kernel.person:{person('finance')}"}


@edit
def a_person_s_salt_is_taken() -> set[str]:
    put("kernel_person", person("leader"), "salt", "")
    return {f"kernel.person:{person('leader')}"}


@edit
def a_person_is_said_to_have_left() -> set[str]:
    put("kernel_person", person("head_housing"), "valid_to", "2026-03-01")
    return {f"kernel.person:{person('head_housing')}"}


@edit
def a_person_is_said_to_be_of_the_city() -> set[str]:
    put(
        "kernel_person",
        person("cadre"),
        "jurisdiction_id",
        ask("SELECT id FROM kernel_jurisdiction WHERE code = 'city'"),
    )
    return {f"kernel.person:{person('cadre')}"}


@edit
def a_person_is_invented() -> set[str]:
    copy("kernel_person", person("cadre"), id=900_001)
    return {"kernel.person:900001"}


@edit
def two_accounts_exchange_their_user_names() -> set[str]:
    one, other = account("office_a"), account("office_b")
    swap("kernel_account", one, other, "username")
    return {f"kernel.account:{one}"}


@edit
def an_account_gets_another_user_name() -> set[str]:
    key = account("cadre")
    put("kernel_account", key, "username", "somebody")
    return {f"kernel.account:{key}"}


@edit
def an_account_gets_another_address() -> set[str]:
    put("kernel_account", account("leader"), "email", "elsewhere@example.invalid")
    return {f"kernel.account:{account('leader')}"}


@edit
def an_account_is_closed() -> set[str]:
    put("kernel_account", account("discipline"), "is_active", False)
    return {f"kernel.account:{account('discipline')}"}


@edit
def an_account_is_given_to_somebody_else() -> set[str]:
    key = account("audit_administrator")
    copy("kernel_person", person("cadre"), id=900_006)
    put("kernel_account", key, "person_id", 900_006)
    return {f"kernel.account:{key}"}


@edit
def an_account_is_taken_out() -> set[str]:
    key = account("no_role")
    run("DELETE FROM kernel_account WHERE id = %s", key)
    return {f"kernel.account:{key}"}


@edit
def an_account_is_invented() -> set[str]:
    copy("kernel_person", person("cadre"), id=900_002)
    copy("kernel_account", account("cadre"), id=900_002, username="ghost", person_id=900_002)
    return {"kernel.account:900002"}


@edit
def a_cadre_s_rank_is_raised() -> set[str]:
    key = ask("SELECT id FROM organization_cadrerecord ORDER BY id")
    put("organization_cadrerecord", key, "rank", "section")
    return {f"organization.cadrerecord:{key}"}


@edit
def a_cadre_s_years_of_service_grow() -> set[str]:
    key = ask("SELECT id FROM organization_cadrerecord ORDER BY id DESC")
    put("organization_cadrerecord", key, "service_since", "2001-07-01")
    return {f"organization.cadrerecord:{key}"}


@edit
def a_role_is_made_another() -> set[str]:
    key = ask("SELECT id FROM kernel_roleholding WHERE person_id = %s", person("cadre"))
    put("kernel_roleholding", key, "role", "leader")
    return {f"kernel.roleholding:{key}"}


@edit
def a_role_is_held_for_ever() -> set[str]:
    key = ask("SELECT id FROM kernel_roleholding WHERE valid_to IS NOT NULL")
    put("kernel_roleholding", key, "valid_to", None)
    return {f"kernel.roleholding:{key}"}


@edit
def a_stand_in_is_somebody_else() -> set[str]:
    key = ask("SELECT id FROM kernel_delegation")
    put("kernel_delegation", key, "delegate_id", person("cadre"))
    return {f"kernel.delegation:{key}"}


@edit
def a_portfolio_is_taken_out() -> set[str]:
    key = ask("SELECT id FROM kernel_portfolio")
    run("DELETE FROM kernel_portfolio WHERE id = %s", key)
    return {f"kernel.portfolio:{key}"}


@edit
def rights_are_lent_for_longer() -> set[str]:
    key = ask("SELECT id FROM kernel_lent")
    put("kernel_lent", key, "until", "2030-01-01 00:00:00+00:00")
    return {f"kernel.lent:{key}"}


# Jurisdictions and number series


@edit
def a_jurisdiction_is_renamed() -> set[str]:
    key = ask("SELECT id FROM kernel_jurisdiction WHERE code = 'linan'")
    put("kernel_jurisdiction", key, "name", "林岸市")
    return {f"kernel.jurisdiction:{key}"}


@edit
def a_jurisdiction_is_hung_elsewhere() -> set[str]:
    key = ask("SELECT id FROM kernel_jurisdiction WHERE code = 'linan'")
    run("UPDATE kernel_jurisdiction SET parent_id = NULL, path = %s WHERE id = %s", f"/{key}/", key)
    return {f"kernel.jurisdiction:{key}"}


@edit
def a_jurisdiction_is_put_under_the_wrong_path() -> set[str]:
    key = ask("SELECT id FROM kernel_jurisdiction WHERE code = 'linan'")
    put("kernel_jurisdiction", key, "path", f"/{key}/")
    return {f"kernel.jurisdiction:{key}"}


@edit
def a_jurisdiction_is_invented() -> set[str]:
    key = ask("SELECT id FROM kernel_jurisdiction WHERE code = 'linan'")
    copy("kernel_jurisdiction", key, id=900_003, code="nowhere")
    return {"kernel.jurisdiction:900003"}


@edit
def a_series_is_set_back() -> set[str]:
    key = ask("SELECT id FROM kernel_numberseries WHERE word = '整改'")
    run("UPDATE kernel_numberseries SET last = last - 1 WHERE id = %s", key)
    return {f"kernel_numberseries:{key}"}


@edit
def a_series_jumps_ahead() -> set[str]:
    key = ask("SELECT id FROM kernel_numberseries WHERE word = '桶'")
    run("UPDATE kernel_numberseries SET last = last + 40 WHERE id = %s", key)
    return {f"kernel_numberseries:{key}"}


@edit
def a_series_of_papers_is_set_back() -> set[str]:
    key = ask("SELECT id FROM kernel_numberseries WHERE word LIKE 'paper:%%'")
    put("kernel_numberseries", key, "last", 0)
    return {f"kernel_numberseries:{key}"}


@edit
def a_series_is_taken_out() -> set[str]:
    run("DELETE FROM kernel_numberseries WHERE word = '龙头'")
    return {"kernel_numberseries:清风区龙头/2026"}


@edit
def a_series_is_invented() -> set[str]:
    copy(
        "kernel_numberseries",
        ask("SELECT id FROM kernel_numberseries WHERE word = '桶'"),
        id=900_004,
        year=2027,
    )
    return {"kernel_numberseries:900004"}


# Attachments, what is shown of them, papers: rows and bytes


@edit
def an_attachment_is_taken_out() -> set[str]:
    key, names = attachment("red.png")
    run("DELETE FROM kernel_attachment WHERE id = %s", key)
    return names


@edit
def an_attachment_is_renamed() -> set[str]:
    key, names = attachment("red.png")
    put("kernel_attachment", key, "name", "整改后.png")
    return names


@edit
def an_attachment_is_moved_to_another_matter() -> set[str]:
    key, names = attachment("red.png")
    other = picture("blue.png")
    for column in ("matter_id", "entry_id"):
        put(
            "kernel_attachment",
            key,
            column,
            ask(f"SELECT {column} FROM kernel_attachment WHERE id = %s", other),
        )
    return names


@edit
def an_attachment_is_moved_to_a_later_report() -> set[str]:
    key, names = attachment("red.png")
    later = ask("SELECT entry_id FROM kernel_attachment WHERE id = %s", picture("green.png"))
    put("kernel_attachment", key, "entry_id", later)
    return names


@edit
def two_attachments_exchange_their_contents() -> set[str]:
    one, names = attachment("red.png")
    other = picture("green.png")
    for column in ("digest", "shown"):
        swap("kernel_attachment", one, other, column)
    return names


@edit
def an_attachment_shows_another_picture() -> set[str]:
    key, names = attachment("red.png")
    put("kernel_attachment", key, "shown", ask("SELECT shown FROM kernel_attachment WHERE name = 'blue.png'"))
    return names


@edit
def an_attachment_is_said_to_be_larger() -> set[str]:
    key, names = attachment("red.png")
    put("kernel_attachment", key, "size", 1_000_000)
    return names


@edit
def an_attachment_is_said_to_be_a_film() -> set[str]:
    key, names = attachment("blue.png")
    put("kernel_attachment", key, "media_type", "video/mp4")
    return names


@edit
def an_attachment_is_handed_in_earlier() -> set[str]:
    key, names = attachment("blue.png")
    put("kernel_attachment", key, "received_at", "2026-01-10 01:00:00+00:00")
    return names


@edit
def an_attachment_is_handed_in_by_another() -> set[str]:
    key, names = attachment("blue.png")
    put("kernel_attachment", key, "account_id", account("leader"))
    return names


@edit
def an_attachment_is_let_go() -> set[str]:
    key, names = attachment("green.png")
    run("UPDATE kernel_attachment SET matter_id = NULL, entry_id = NULL WHERE id = %s", key)
    return names


@edit
def an_attachment_is_smuggled_in() -> set[str]:
    new = "00000000-0000-4000-8000-000000000001"
    from django.db import connection

    stored = new if connection.vendor == "postgresql" else new.replace("-", "")
    copy("kernel_attachment", picture("green.png"), id=stored, name="新证据.png")
    return {f"kernel.attachment:{new}"}


@contextmanager
def overwritten(path: Path, content: bytes | None) -> Iterator[None]:
    """A file on disk with other content, or gone; as it was afterwards."""
    before = path.read_bytes()
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


ON_DISK: dict[str, tuple[str, str, bytes | None]] = {
    "the_bytes_of_an_attachment_change": ("kernel.attachment", "digest", b"another picture"),
    "the_file_of_an_attachment_is_gone": ("kernel.attachment", "digest", None),
    "the_bytes_that_are_shown_change": ("kernel.attachment", "shown", b"another picture"),
    "the_bytes_of_a_paper_change": ("kernel_paper", "digest", b"<p>another paper</p>"),
}
"""Edits of files: the table, the column with the digest, and what is written."""


def on_disk(name: str) -> tuple[Path, bytes | None, set[str]]:
    from django.conf import settings

    of, column, content = ON_DISK[name]
    if of == "kernel_paper":
        folder, names = "papers", {f"kernel_paper:{ask('SELECT id FROM kernel_paper')}"}
        digest = ask("SELECT digest FROM kernel_paper")
    else:
        folder, (key, names) = "files", attachment("red.png")
        digest = ask(f"SELECT {column} FROM kernel_attachment WHERE id = %s", key)
    return Path(settings.MEDIA_ROOT) / folder / digest[:2] / digest, content, names


# Clocks set aside, openings, links


def aside(title: str) -> tuple[int, int]:
    key = matter(title)
    return ask("SELECT id FROM kernel_running WHERE matter_id = %s AND name = 'signing'", key), key


@edit
def a_running_clock_is_laid_aside() -> set[str]:
    clock, key = aside("路灯不亮之3")
    put("kernel_running", clock, "set_aside", "RuntimeError: poison")
    return {f"matter:{key}"}


@edit
def a_clock_laid_aside_is_let_run() -> set[str]:
    clock, key = aside("路灯不亮之0")
    put("kernel_running", clock, "set_aside", "")
    return {f"matter:{key}"}


@edit
def a_clock_was_laid_aside_for_another_reason() -> set[str]:
    clock, key = aside("路灯不亮之1")
    put("kernel_running", clock, "set_aside", "RuntimeError: passing")
    return {f"matter:{key}"}


@edit
def a_clock_let_run_again_is_laid_aside_once_more() -> set[str]:
    clock, key = aside("路灯不亮之2")
    put("kernel_running", clock, "set_aside", "RuntimeError: poison")
    return {f"matter:{key}"}


@edit
def a_clock_is_due_later() -> set[str]:
    clock, key = aside("路灯不亮之3")
    put("kernel_running", clock, "due_at", "2026-12-01 00:00:00+00:00")
    return {f"matter:{key}"}


@edit
def a_duty_is_said_to_be_of_another_period() -> set[str]:
    key = ask("SELECT id FROM kernel_opened ORDER BY id")
    put("kernel_opened", key, "period", "1999-01")
    return {f"kernel.opened:{key}"}


@edit
def a_duty_opened_on_another_day() -> set[str]:
    key = ask("SELECT id FROM kernel_opened ORDER BY id DESC")
    put("kernel_opened", key, "opens_on", "2026-01-01")
    return {f"kernel.opened:{key}"}


@edit
def an_opening_is_taken_out() -> set[str]:
    key = ask("SELECT id FROM kernel_opened ORDER BY id")
    run("DELETE FROM kernel_opened WHERE id = %s", key)
    return {f"kernel.opened:{key}"}


@edit
def an_opening_is_hung_on_another_matter() -> set[str]:
    key = ask("SELECT id FROM kernel_opened ORDER BY id")
    put("kernel_opened", key, "matter_id", barrel(60))
    return {f"kernel.opened:{key}"}


@edit
def what_an_act_opened_is_said_to_be_another_matter() -> set[str]:
    key = ask("SELECT id FROM kernel_link")
    source = ask("SELECT source_id FROM kernel_link WHERE id = %s", key)
    put("kernel_link", key, "target_id", barrel(60))
    return {f"matter:{source}"}


@edit
def what_an_act_opened_is_no_longer_linked() -> set[str]:
    key, source = ask("SELECT id FROM kernel_link"), ask("SELECT source_id FROM kernel_link")
    run("DELETE FROM kernel_link WHERE id = %s", key)
    return {f"matter:{source}"}


# Votes


@edit
def a_vote_is_turned() -> set[str]:
    from uuid import UUID

    key = ask("SELECT c.id FROM kernel_cast c JOIN kernel_matter m ON m.id = c.poll_id WHERE m.closed")
    put("kernel_cast", key, "vote", '{"rating": 5, "more": 1}')
    return {f"kernel.cast:{key if isinstance(key, UUID) else UUID(key)}"}


@edit
def somebody_is_said_not_to_have_voted() -> set[str]:
    from uuid import UUID

    key = ask("SELECT c.id FROM kernel_issued c JOIN kernel_matter m ON m.id = c.poll_id WHERE m.closed")
    run("DELETE FROM kernel_issued WHERE id = %s", key)
    return {f"kernel.issued:{key if isinstance(key, UUID) else UUID(key)}"}


@edit
def the_urn_is_stuffed() -> set[str]:
    new = "00000000-0000-4000-8000-000000000002"
    from django.db import connection

    stored = new if connection.vendor == "postgresql" else new.replace("-", "")
    key = ask("SELECT c.id FROM kernel_cast c JOIN kernel_matter m ON m.id = c.poll_id WHERE m.closed")
    copy("kernel_cast", key, id=stored, spent="ff" * 32)
    return {f"kernel.cast:{new}"}


# After the upgrade: what came, what went, what is called otherwise, what stayed


@edit
def a_column_that_came_is_changed_in_an_old_matter() -> set[str]:
    key = barrel(225)
    put("releases_barrel", key, "origin", "外地", of="matter_ptr_id")
    return {f"matter:{key}"}


@edit
def a_json_default_is_changed_in_an_old_matter() -> set[str]:
    key = barrel(225)
    put("releases_barrel", key, "marks", '{"火印": ["乙"], "层": 1}', of="matter_ptr_id")
    return {f"matter:{key}"}


@edit
def a_renamed_column_is_changed_in_a_closed_matter() -> set[str]:
    key = barrel(60)
    put("releases_barrel", key, "volume", 61, of="matter_ptr_id")
    return {f"matter:{key}"}


@edit
def a_column_that_stayed_is_changed_in_an_old_matter() -> set[str]:
    key = barrel(60)
    put("releases_barrel", key, "wood", "铁皮", of="matter_ptr_id")
    return {f"matter:{key}"}


@edit
def a_column_of_the_common_table_is_changed_in_an_old_matter() -> set[str]:
    key = barrel(30)
    put("kernel_matter", key, "title", "三百升")
    return {f"matter:{key}"}


@edit
def a_matter_opened_since_is_changed() -> set[str]:
    key = barrel(500)
    put("releases_barrel", key, "origin", "外地", of="matter_ptr_id")
    return {f"matter:{key}"}


@edit
def a_matter_of_an_unchanged_class_is_changed() -> set[str]:
    key = matter("8毫米")
    put("releases_tap", key, "bore", 9, of="matter_ptr_id")
    return {f"matter:{key}"}


@edit
def a_column_that_came_is_changed_in_an_old_register_row() -> set[str]:
    key = cellar("60号库")
    put("releases_cellar", key, "door", "西")
    return {f"releases.cellar:{key}"}


@edit
def a_json_default_is_changed_in_an_old_register_row() -> set[str]:
    key = cellar("60号库")
    put("releases_cellar", key, "marks", "{}")
    return {f"releases.cellar:{key}"}


@edit
def a_column_of_another_type_is_changed_in_an_old_register_row() -> set[str]:
    key = cellar("30号库")
    put("releases_cellar", key, "depth", 4)
    return {f"releases.cellar:{key}"}


@edit
def a_column_that_stayed_is_changed_in_an_old_register_row() -> set[str]:
    key = cellar("30号库")
    put("releases_cellar", key, "name", "31号库")
    return {f"releases.cellar:{key}"}


@edit
def a_register_row_written_since_is_changed() -> set[str]:
    key = cellar("500号库")
    put("releases_cellar", key, "door", "西")
    return {f"releases.cellar:{key}"}


@edit
def a_restatement_is_changed() -> set[str]:
    key = ask("SELECT id FROM kernel_restatement WHERE \"of\" = 'barrel'")
    put("kernel_restatement", key, "digest", "00" * 32)
    return {f"matter:{upgrade()}"}


@edit
def a_restatement_is_made_to_fit_a_changed_row() -> set[str]:
    from qingfeng.kernel.ledger.schema import fields_digest
    from tests.releases.two.models import Barrel

    key = barrel(225)
    put("releases_barrel", key, "volume", 1, of="matter_ptr_id")
    digest = fields_digest(Barrel.objects.get(pk=key))
    run("UPDATE kernel_restatement SET digest = %s WHERE \"of\" = 'barrel' AND row = %s", digest, str(key))
    return {f"matter:{upgrade()}"}


@edit
def a_restatement_is_taken_out() -> set[str]:
    run("DELETE FROM kernel_restatement WHERE \"of\" = 'barrel' AND row = %s", str(barrel(60)))
    return {f"matter:{upgrade()}"}


@edit
def a_restatement_is_forged_for_a_changed_row() -> set[str]:
    from qingfeng.kernel.ledger.schema import fields_digest
    from tests.releases.two.models import Barrel

    key = barrel(500)
    put("releases_barrel", key, "volume", 501, of="matter_ptr_id")
    digest = fields_digest(Barrel.objects.get(pk=key))
    entry = ask("SELECT max(id) FROM kernel_entry")
    line = ask("SELECT id FROM kernel_restatement WHERE \"of\" = 'barrel'")
    copy("kernel_restatement", line, id=900_005, entry_id=entry, position=0, row=str(key), digest=digest)
    return {f"kernel_restatement:{entry}"}


@edit
def a_field_list_is_changed() -> set[str]:
    key = ask("SELECT schema FROM kernel_fieldlist WHERE mechanism = 'tap'")
    put("kernel_fieldlist", key, "fields", '["bore"]', of="schema")
    return {f"kernel_fieldlist:{key}"}


@edit
def a_field_list_is_taken_out() -> set[str]:
    run("DELETE FROM kernel_fieldlist WHERE mechanism = 'tap'")
    return {f"matter:{matter('8毫米')}"}


@edit
def an_upgrade_restated_fewer_rows() -> set[str]:
    put("organization_upgrade", upgrade(), "restated", 1, of="matter_ptr_id")
    return {f"matter:{upgrade()}"}


def upgrade() -> int:
    return int(ask("SELECT matter_ptr_id FROM organization_upgrade"))


# What was covered before, and still is


@edit
def a_unit_is_renamed() -> set[str]:
    key = ask("SELECT id FROM kernel_unit WHERE code = 'housing'")
    put("kernel_unit", key, "name", "住房局")
    return {f"kernel.unit:{key}"}


@edit
def a_reader_is_smuggled_in() -> set[str]:
    key = matter("路灯不亮之3")
    run(
        "INSERT INTO kernel_access (matter_id, holder, act, closed) VALUES (%s, %s, '', %s)",
        key,
        f"person:{person('cadre')}",
        False,
    )
    return {f"matter:{key}"}


@edit
def a_fact_is_counted_double() -> set[str]:
    key = ask("SELECT id FROM kernel_fact")
    source = ask(
        "SELECT matter_id FROM kernel_entry WHERE id = (SELECT entry_id FROM kernel_fact WHERE id = %s)", key
    )
    run("UPDATE kernel_fact SET quantity = quantity + 1 WHERE id = %s", key)
    return {f"matter:{source}"}


@edit
def a_budget_has_more_in_it() -> set[str]:
    key = ask("SELECT id FROM kernel_book")
    run("UPDATE kernel_book SET credited = credited + 100 WHERE id = %s", key)
    return {f"kernel_book:{key}"}


@edit
def a_seat_agreed() -> set[str]:
    key = ask("SELECT id FROM kernel_seat WHERE agrees IS NOT NULL")
    source = ask(
        "SELECT matter_id FROM kernel_step WHERE id = (SELECT step_id FROM kernel_seat WHERE id = %s)", key
    )
    run("UPDATE kernel_seat SET agrees = NOT agrees WHERE id = %s", key)
    return {f"matter:{source}"}


@edit
def a_line_of_the_journal_is_taken_out() -> set[str]:
    run("DELETE FROM kernel_journalentry WHERE seq = 1")
    return {"journal:2"}
