"""Further edits by hand: invented rows of nothing, several rows at once that fit one another, and values spelt otherwise."""

from __future__ import annotations

from typing import Any

from tests.releases.edits import (
    account,
    ask,
    attachment,
    barrel,
    cellar,
    copy,
    edit,
    matter,
    person,
    put,
    run,
    swap,
)


def source(table: str, key: Any) -> str:
    """The matter under whose entry a row stands."""
    found = ask(
        f"SELECT e.matter_id FROM kernel_entry e JOIN {table} t ON t.entry_id = e.id WHERE t.id = %s", key
    )
    return f"matter:{found}"


def two(statement: str) -> tuple[Any, Any]:
    """The keys of the first row and of the last."""
    return ask(f"{statement} ORDER BY 1"), ask(f"{statement} ORDER BY 1 DESC")


# Invented rows of nothing


@edit
def a_book_of_nothing_is_invented() -> set[str]:
    nothing = {"credited": 0, "reserved": 0, "committed": 0}
    copy("kernel_book", ask("SELECT id FROM kernel_book"), id=900_010, period="1999", **nothing)
    return {"kernel_book:900010"}


@edit
def a_book_of_another_owner_is_invented() -> set[str]:
    nothing = {"credited": 0, "reserved": 0, "committed": 0}
    copy("kernel_book", ask("SELECT id FROM kernel_book"), id=900_011, owner="unit:900011", **nothing)
    return {"kernel_book:900011"}


@edit
def a_book_is_invented_whose_movements_cancel_out() -> set[str]:
    nothing = {"credited": 0, "reserved": 0, "committed": 0}
    copy("kernel_book", ask("SELECT id FROM kernel_book"), id=900_012, period="1998", **nothing)
    key = ask("SELECT id FROM kernel_bookentry WHERE operation = 'reserve'")
    copy("kernel_bookentry", key, id=900_012, book_id=900_012, amount=0, ordinal=7)
    return {"kernel_book:900012", source("kernel_bookentry", key)}


@edit
def a_series_of_nothing_is_invented() -> set[str]:
    key = ask("SELECT id FROM kernel_numberseries WHERE word = '桶'")
    copy("kernel_numberseries", key, id=900_013, year=2031, last=0)
    return {"kernel_numberseries:900013"}


@edit
def a_series_of_papers_is_invented() -> set[str]:
    key = ask("SELECT id FROM kernel_numberseries WHERE word LIKE 'paper:%%'")
    copy("kernel_numberseries", key, id=900_014, word="paper:900014", last=0)
    return {"kernel_numberseries:900014"}


@edit
def a_second_head_of_the_journal_is_invented() -> set[str]:
    copy("kernel_journalhead", 1, id=2)
    return {"journal"}


@edit
def the_head_of_the_journal_gets_another_key() -> set[str]:
    run("UPDATE kernel_journalhead SET id = 5")
    return {"journal"}


@edit
def a_step_nobody_decided_on_is_invented() -> set[str]:
    key = ask("SELECT id FROM kernel_step")
    copy("kernel_step", key, id=900_015, round=9)
    return {f"matter:{ask('SELECT matter_id FROM kernel_step WHERE id = %s', key)}"}


@edit
def a_matter_is_invented_before_all_others() -> set[str]:
    copy("kernel_matter", matter("30升"), id=-4, number="〔2026〕桶0号")
    copy("releases_barrel", barrel(30), of="matter_ptr_id", matter_ptr_id=-4)
    return {"kernel_matter:?", "matter:-4", "kernel_matter:-4"}


@edit
def a_reader_hangs_on_a_matter_before_all_others() -> set[str]:
    a_matter_is_invented_before_all_others()
    copy("kernel_access", ask("SELECT id FROM kernel_access"), id=900_016, matter_id=-4)
    return {"kernel_access:?", "kernel_access:900016", "matter:-4"}


@edit
def a_link_is_invented() -> set[str]:
    key = ask("SELECT id FROM kernel_link")
    copy("kernel_link", key, id=900_017, kind="repeats", target_id=barrel(60))
    return {source("kernel_link", key)}


# Several rows at once, so that sums and counts still hold


@edit
def two_budgets_exchange_their_owners() -> set[str]:
    one, other = two("SELECT id FROM kernel_book")
    swap("kernel_book", one, other, "owner")
    return {f"kernel_book:{one}", f"kernel_book:{other}"}


@edit
def two_budgets_exchange_all_their_movements() -> set[str]:
    one, other = two("SELECT id FROM kernel_book")
    run(
        "UPDATE kernel_bookentry SET book_id = CASE book_id WHEN %s THEN %s ELSE %s END WHERE book_id IN (%s, %s)",
        *(one, other, one, one, other),
    )
    for column in ("credited", "reserved", "committed"):
        swap("kernel_book", one, other, column)
    return {f"kernel_book:{one}", f"kernel_book:{other}"}


@edit
def what_was_reserved_is_said_to_be_spent() -> set[str]:
    key = ask("SELECT id FROM kernel_bookentry WHERE operation = 'reserve'")
    book = ask("SELECT book_id FROM kernel_bookentry WHERE id = %s", key)
    amount = ask("SELECT amount FROM kernel_bookentry WHERE id = %s", key)
    put("kernel_bookentry", key, "operation", "credit")
    run(
        "UPDATE kernel_book SET reserved = reserved - %s, credited = credited + %s WHERE id = %s",
        *(amount, amount, book),
    )
    return {source("kernel_bookentry", key), f"kernel_book:{book}"}


@edit
def a_fact_is_counted_for_another_unit() -> set[str]:
    key = ask("SELECT id FROM kernel_fact")
    put("kernel_fact", key, "subject", "unit:900020")
    return {source("kernel_fact", key)}


@edit
def a_fact_was_held_in_another_month() -> set[str]:
    key = ask("SELECT id FROM kernel_fact ORDER BY id DESC")
    put("kernel_fact", key, "held_on", "2026-01-02")
    return {source("kernel_fact", key)}


@edit
def facts_of_two_acts_are_exchanged() -> set[str]:
    one = ask("SELECT id FROM kernel_fact ORDER BY id")
    other = ask("SELECT id FROM kernel_fact WHERE name <> (SELECT name FROM kernel_fact WHERE id = %s)", one)
    names = {source("kernel_fact", one), source("kernel_fact", other)}
    for column in ("subject", "quantity", "name", "unit", "scale"):
        values = [ask(f"SELECT {column} FROM kernel_fact WHERE id = %s", key) for key in (one, other)]
        put("kernel_fact", one, column, values[1])
        put("kernel_fact", other, column, values[0])
    return names


@edit
def sealed_words_of_two_acts_are_exchanged() -> set[str]:
    one, other = two("SELECT id FROM kernel_sealedvalue")
    for column in ("box", "key", "commitment"):
        swap("kernel_sealedvalue", one, other, column)
    return {source("kernel_sealedvalue", one)}


@edit
def sealed_words_are_said_to_be_those_of_another_field() -> set[str]:
    key = ask("SELECT id FROM kernel_sealedvalue")
    put("kernel_sealedvalue", key, "name", "remark")
    return {source("kernel_sealedvalue", key)}


@edit
def rows_of_a_batch_are_exchanged() -> set[str]:
    entry = ask("SELECT entry_id FROM kernel_batchrow GROUP BY entry_id HAVING count(*) > 1")
    one = ask("SELECT id FROM kernel_batchrow WHERE entry_id = %s ORDER BY id", entry)
    other = ask("SELECT id FROM kernel_batchrow WHERE entry_id = %s ORDER BY id DESC", entry)
    swap("kernel_batchrow", one, other, "body")
    return {source("kernel_batchrow", one)}


@edit
def the_last_row_of_a_batch_is_taken_out() -> set[str]:
    entry = ask("SELECT entry_id FROM kernel_batchrow GROUP BY entry_id HAVING count(*) > 1")
    key = ask("SELECT id FROM kernel_batchrow WHERE entry_id = %s ORDER BY position DESC", entry)
    name = source("kernel_batchrow", key)
    run("DELETE FROM kernel_batchrow WHERE id = %s", key)
    return {name}


@edit
def a_paper_holds_for_ever() -> set[str]:
    key = ask("SELECT id FROM kernel_paper")
    put("kernel_paper", key, "expires_on", "2099-12-31")
    return {source("kernel_paper", key)}


@edit
def a_paper_is_said_to_be_public() -> set[str]:
    key = ask("SELECT id FROM kernel_paper")
    put("kernel_paper", key, "public_text", "公开")
    return {source("kernel_paper", key)}


@edit
def a_paper_is_signed_by_another() -> set[str]:
    key = ask("SELECT id FROM kernel_paper")
    put("kernel_paper", key, "author_id", person("cadre"))
    return {source("kernel_paper", key)}


@edit
def a_paper_is_issued_by_another_unit() -> set[str]:
    key = ask("SELECT id FROM kernel_paper")
    put("kernel_paper", key, "issuer_id", ask("SELECT id FROM kernel_unit WHERE code = 'housing'"))
    return {source("kernel_paper", key)}


@edit
def somebody_approved_a_paper() -> set[str]:
    key = ask("SELECT id FROM kernel_paper")
    entry = ask("SELECT entry_id FROM kernel_paper")
    from qingfeng.kernel.papers.models import PaperApproval

    PaperApproval._base_manager.bulk_create(
        [PaperApproval(paper_id=key, approver_id=person("leader"), entry_id=entry)]
    )
    return {source("kernel_paper", key)}


@edit
def what_a_template_says_is_changed() -> set[str]:
    key = ask("SELECT id FROM kernel_papertemplate")
    put("kernel_papertemplate", key, "body", "<p>passing</p>")
    return {f"kernel.papertemplate:{key}"}


@edit
def what_a_regime_says_is_changed() -> set[str]:
    key = ask("SELECT id FROM kernel_activatedregime ORDER BY id DESC")
    run("UPDATE kernel_activatedregime SET text = text || '\n' WHERE id = %s", key)
    return {f"kernel.activatedregime:{key}"}


@edit
def a_regime_holds_since_earlier() -> set[str]:
    key = ask("SELECT id FROM kernel_activatedregime ORDER BY id")
    put("kernel_activatedregime", key, "valid_from", "2020-01-01")
    return {f"kernel.activatedregime:{key}"}


@edit
def a_regime_is_carried_on_that_was_not() -> set[str]:
    key = ask("SELECT id FROM kernel_activatedregime ORDER BY id")
    run("UPDATE kernel_activatedregime SET carries = NOT carries WHERE id = %s", key)
    return {f"kernel.activatedregime:{key}"}


@edit
def two_matters_exchange_their_numbers() -> set[str]:
    one, other = barrel(30), barrel(60)
    swap("kernel_matter", one, other, "number")
    return {f"matter:{one}"}


@edit
def a_matter_is_said_to_be_of_another_kind() -> set[str]:
    key = barrel(30)
    put("kernel_matter", key, "mechanism", "tap")
    return {f"matter:{key}", f"releases_barrel:{key}"}


@edit
def the_own_half_of_a_matter_is_taken_out() -> set[str]:
    key = barrel(60)
    run("DELETE FROM releases_barrel WHERE matter_ptr_id = %s", key)
    return {f"matter:{key}"}


@edit
def a_matter_is_hidden_from_lists_as_closed() -> set[str]:
    key = matter("路灯不亮之3")
    run("UPDATE kernel_matter SET closed = %s WHERE id = %s", True, key)
    run("UPDATE kernel_access SET closed = %s WHERE matter_id = %s", True, key)
    return {f"matter:{key}"}


@edit
def a_matter_is_public_that_was_not() -> set[str]:
    key = matter("路灯不亮之3")
    put("kernel_matter", key, "secrecy", "passing")
    return {f"matter:{key}"}


@edit
def a_duty_to_act_is_lifted_from_one_and_laid_on_another() -> set[str]:
    key = ask("SELECT id FROM kernel_access WHERE due IS NOT NULL")
    put("kernel_access", key, "holder", f"person:{person('cadre')}")
    return {f"matter:{ask('SELECT matter_id FROM kernel_access WHERE id = %s', key)}"}


@edit
def a_duty_to_act_is_due_on_no_day() -> set[str]:
    key = ask("SELECT id FROM kernel_access WHERE due IS NOT NULL ORDER BY id DESC")
    put("kernel_access", key, "due", None)
    return {f"matter:{ask('SELECT matter_id FROM kernel_access WHERE id = %s', key)}"}


@edit
def clocks_of_two_matters_are_exchanged() -> set[str]:
    one, other = (
        ask("SELECT id FROM kernel_running WHERE matter_id = %s AND name = 'signing'", matter(title))
        for title in ("路灯不亮之3", "red牌脱落")
    )
    for column in ("started_at", "stopped_at", "due_at"):
        values = [ask(f"SELECT {column} FROM kernel_running WHERE id = %s", key) for key in (one, other)]
        put("kernel_running", one, column, values[1])
        put("kernel_running", other, column, values[0])
    return {f"matter:{matter('路灯不亮之3')}"}


@edit
def a_clock_stood_still_for_a_week() -> set[str]:
    key = matter("路灯不亮之3")
    clock = ask("SELECT id FROM kernel_running WHERE matter_id = %s AND name = 'signing'", key)
    put("kernel_running", clock, "pauses", '[["2026-03-01T00:00:00.000000Z", "2026-03-08T00:00:00.000000Z"]]')
    return {f"matter:{key}"}


@edit
def a_seat_is_said_to_have_stood_back() -> set[str]:
    key = ask("SELECT id FROM kernel_seat")
    run("UPDATE kernel_seat SET recused = NOT recused WHERE id = %s", key)
    step = ask("SELECT step_id FROM kernel_seat WHERE id = %s", key)
    return {f"matter:{ask('SELECT matter_id FROM kernel_step WHERE id = %s', step)}"}


@edit
def a_seat_was_taken_by_another() -> set[str]:
    key = ask("SELECT id FROM kernel_seat WHERE agrees IS NOT NULL")
    put("kernel_seat", key, "person_id", person("cadre"))
    step = ask("SELECT step_id FROM kernel_seat WHERE id = %s", key)
    return {f"matter:{ask('SELECT matter_id FROM kernel_step WHERE id = %s', step)}"}


@edit
def two_attachments_exchange_their_keys() -> set[str]:
    one, names = attachment("red.png")
    other, _names = attachment("green.png")
    new = one.__class__(int=7) if not isinstance(one, str) else "07" * 16
    put("kernel_attachment", other, "id", new)
    put("kernel_attachment", one, "id", other)
    put("kernel_attachment", new, "id", one)
    return names


@edit
def a_voter_is_said_to_be_another() -> set[str]:
    from uuid import UUID

    key = ask("SELECT c.id FROM kernel_issued c JOIN kernel_matter m ON m.id = c.poll_id WHERE m.closed")
    put("kernel_issued", key, "person_id", person("department_a"))
    return {f"kernel.issued:{key if isinstance(key, UUID) else UUID(key)}"}


@edit
def a_unit_is_hung_under_another() -> set[str]:
    key = ask("SELECT id FROM kernel_unit WHERE code = 'housing'")
    put("kernel_unit", key, "parent_id", ask("SELECT id FROM kernel_unit WHERE code = 'education'"))
    return {f"kernel.unit:{key}"}


@edit
def a_merger_is_turned_round() -> set[str]:
    key = ask("SELECT id FROM kernel_succession")
    one, other = (
        ask(f"SELECT {column} FROM kernel_succession WHERE id = %s", key)
        for column in ("predecessor_id", "successor_id")
    )
    run("UPDATE kernel_succession SET predecessor_id = %s, successor_id = %s WHERE id = %s", other, one, key)
    return {f"kernel.succession:{key}"}


@edit
def a_slip_hangs_on_another_sheet() -> set[str]:
    key = ask("SELECT id FROM rectification_slip")
    put("rectification_slip", key, "problem_id", matter("路灯不亮之2"))
    return {f"rectification.slip:{key}"}


@edit
def an_account_is_another_s_after_a_salt_of_its_own() -> set[str]:
    one, other = account("cadre"), account("no_role")
    for column in ("username", "email", "salt"):
        swap("kernel_account", one, other, column)
    return {f"kernel.account:{one}"}


@edit
def a_person_was_erased_before_they_were() -> set[str]:
    key = person("finance")
    put("kernel_person", key, "erased_at", "2026-03-01 00:00:00+00:00")
    return {f"kernel.person:{key}"}


@edit
def the_door_of_a_cellar_is_a_number() -> set[str]:
    key = cellar("60号库")
    put("releases_cellar", key, "door", "7")
    return {f"releases.cellar:{key}"}


# The chain, its seals and the journal


@edit
def a_signature_is_spelt_in_capitals() -> set[str]:
    key = ask("SELECT id FROM kernel_checkpoint")
    run("UPDATE kernel_checkpoint SET signature = upper(signature) WHERE id = %s", key)
    return _checkpoint(key)


@edit
def a_signature_is_spelt_with_blanks() -> set[str]:
    key = ask("SELECT id FROM kernel_checkpoint ORDER BY id DESC")
    run(
        "UPDATE kernel_checkpoint SET signature = substr(signature, 1, 2) || ' ' || substr(signature, 3) WHERE id = %s",
        key,
    )
    return _checkpoint(key)


def _checkpoint(key: Any) -> set[str]:
    code = ask(
        "SELECT j.code FROM kernel_jurisdiction j JOIN kernel_checkpoint c ON c.jurisdiction_id = j.id WHERE c.id = %s",
        key,
    )
    return {f"checkpoint:{code}/{ask('SELECT number FROM kernel_checkpoint WHERE id = %s', key)}"}


@edit
def a_statement_s_signature_is_spelt_in_capitals() -> set[str]:
    run("UPDATE kernel_signingkey SET signature = upper(signature)")
    return {"signing_key:1"}


@edit
def an_entry_is_said_to_be_of_nobody() -> set[str]:
    key = ask("SELECT id FROM kernel_entry WHERE matter_id = %s AND person_id IS NOT NULL", barrel(30))
    put("kernel_entry", key, "person_id", None)
    return {f"matter:{barrel(30)}"}


@edit
def an_entry_is_said_to_be_of_the_city() -> set[str]:
    key = ask("SELECT id FROM kernel_entry WHERE matter_id = %s", barrel(30))
    put("kernel_entry", key, "jurisdiction_id", ask("SELECT id FROM kernel_jurisdiction WHERE code = 'city'"))
    return {f"matter:{barrel(30)}"}


@edit
def a_line_of_the_journal_is_another_s() -> set[str]:
    seq = ask("SELECT seq FROM kernel_journalentry ORDER BY seq DESC")
    put("kernel_journalentry", seq, "account_id", account("cadre"), of="seq")
    return {f"journal:{seq}"}


@edit
def a_line_of_the_journal_is_put_in() -> set[str]:
    last = ask("SELECT max(seq) FROM kernel_journalentry")
    copy(
        "kernel_journalentry",
        ask("SELECT id FROM kernel_journalentry ORDER BY seq"),
        id=900_040,
        seq=last + 1,
    )
    run("UPDATE kernel_journalhead SET seq = %s", last + 1)
    return {f"journal:{last + 1}", "journal"}


@edit
def the_journal_begins_at_another_number() -> set[str]:
    run("UPDATE kernel_journalentry SET seq = seq + 1000")
    run("UPDATE kernel_journalentry SET seq = seq - 999")
    run("UPDATE kernel_journalhead SET seq = seq + 1")
    return {"journal:2", "journal"}


# Values that read the same, spelt otherwise: SQLite takes them; PostgreSQL refuses them, or writes them as ever

SPELT = {
    "a day without its noughts": ("kernel_unit", "valid_from", "'2026-1-5'", "kernel.unit"),
    "a day with the hour": ("kernel_person", "valid_from", "valid_from || ' 00:00:00'", "kernel.person"),
    "a day with a blank after it": ("kernel_fact", "held_on", "held_on || ' '", "kernel_fact"),
    "a last day with a blank before it": ("rectification_problem", "finish_on", "' ' || finish_on", "matter"),
    "a moment with a T": ("kernel_entry", "at", "replace(at, ' ', 'T')", "kernel_entry"),
    "a moment in another zone": ("kernel_matter", "opened_at", "opened_at || '+00:00'", "matter"),
    "a limit with a fraction of nothing": (
        "kernel_running",
        "due_at",
        "due_at || '.000000'",
        "kernel_running",
    ),
    "a moment of the journal with a Z": ("kernel_journalentry", "at", "at || 'Z'", "kernel_journalentry"),
    "a truth that is neither": ("kernel_matter", "closed", "2", "matter"),
    "a truth in words": ("kernel_access", "closed", "'no'", "kernel_access"),
    "a key in capitals": ("kernel_attachment", "id", "upper(id)", "kernel.attachment"),
    "a key with strokes": (
        "kernel_cast",
        "id",
        "substr(id, 1, 8) || '-' || substr(id, 9)",
        "kernel.cast",
    ),
    "an object with a name twice": (
        "releases_cellar",
        "marks",
        "replace(marks, '{', '{\"\u5c42\": 9, ')",
        "releases.cellar",
    ),
    "an object with more blanks": ("releases_barrel", "marks", "replace(marks, ', ', ' , ')", "matter"),
    "a list with blanks": ("kernel_running", "limit", "' ' || \"limit\"", "kernel_running"),
    "a number with a fraction": ("kernel_book", "reserved", "reserved + 0.5", "kernel_book"),
    "a name in bytes": ("kernel_jurisdiction", "name", "CAST(name AS BLOB)", "kernel.jurisdiction"),
    "a body in bytes": ("kernel_entry", "body", "CAST(body AS BLOB)", "kernel_entry"),
}
"""Table, column, what is written into its last row (SQL), and what a fault has to be named by."""

DEEP = "'" + "[" * 990 + "]" * 990 + "'"
UNREADABLE = {
    "a name that is no text": ("kernel_unit", "short_name", "CAST(x'e6b8' AS TEXT)", "kernel.unit"),
    "a list too deep to read": ("releases_cellar", "marks", DEEP, "releases.cellar"),
    "a matter's list too deep to read": ("releases_barrel", "marks", DEEP, "matter"),
    "a day without end": ("kernel_unit", "valid_to", "'infinity'", "kernel.unit"),
    "a day before all days": ("kernel_roleholding", "valid_from", "'0044-03-15 BC'", "kernel.roleholding"),
    "a moment without end": ("kernel_attachment", "received_at", "'infinity'", "kernel.attachment"),
}
"""The same of what no program reads: a fault names the row, or the part that broke off there."""
