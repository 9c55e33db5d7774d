"""Matters by the hundred thousand, as the engine would have left them, by COPY or, on SQLite, by INSERT.

``load`` is for reading lists: one entry to a matter. ``lives`` copies whole lives that the engine led once,
with everything that hangs on them, each under a number and ids of its own, so that all of it verifies.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator
from typing import Any

from bench import ground

PLACES = ("政务大厅", "村道养护", "社区服务站", "学校周边", "农贸市场", "乡镇卫生院", "老旧小区", "河道沿线")
FAULTS = (
    "窗口服务不规范",
    "办件超期未答复",
    "窗口服务排队过长",
    "路面破损未修",
    "公示栏未更新",
    "窗口服务无人值守",
    "垃圾清运不及时",
    "电话无人接听",
)
SCARCE = "应急预案未演练"
KINDS = ("inaction", "slow_action", "counter_service", "formalism", "livelihood")
TOPICS = ("three_battles", "major_projects", "not_acting", "formalities", "doing_business")
SOURCES = ("report", "media", "inspection", "hotline", "own")
YEAR = dt.timedelta(days=365)
STATES = ("found", "assigned", "rectifying", "reported", "written_off")
SHARES = (0.01, 0.012, 0.012, 0.01, 0.956)
"""Some 200 of the 16,667 matters of a unit wait for its signature, and as many for its report."""


def load(many: int) -> None:
    """Load so many problems, spread evenly over the units and over the year until now; the same every time."""
    from django.db import connection, transaction

    from qingfeng.kernel.search import TABLE

    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"DROP INDEX {TABLE}_gin")
        first = {name: _next(cursor, name) for name in ("kernel_matter", "kernel_entry")}
        rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        with transaction.atomic():
            for place, row in enumerate(_problems(many, **first)):
                for name, lines in row.items():
                    rows[name] += lines
                if place % 20_000 == 19_999:
                    _copy(cursor, rows)
            _copy(cursor, rows)
        if postgresql:
            cursor.execute(f"CREATE INDEX {TABLE}_gin ON {TABLE} USING gin (words)")
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("VACUUM ANALYZE")
    _go_on_from_there()


TABLES = {
    "kernel_matter": "id, mechanism, number, jurisdiction_id, state, version, closed, secrecy, title,"
    " opened_at, closed_at, opened_by_id",
    "rectification_problem": "matter_ptr_id, kind, topic, source, description, responsible_id, requirement,"
    " measures, extensions, asked, result, late, returns, rebound",
    "kernel_access": "matter_id, holder, act, due, closed",
    "kernel_running": 'matter_id, name, started_at, "limit", extensions, pauses, due_at, paused_at,'
    " stopped_at, expired_at, set_aside",
    "kernel_entry": "id, jurisdiction_id, chain, seq, matter_id, act, person_id, at, body, hash",
    "kernel_fact": "jurisdiction_id, entry_id, ordinal, name, subject, quantity, scale, unit, held_on, recorded_at",
    "kernel_matter_words": "matter_id, words",
}


def _go_on_from_there() -> None:
    """Have PostgreSQL draw the next ids behind those given by hand; SQLite does so by itself."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in ("kernel_matter", "kernel_entry"):
                cursor.execute(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))")


def _next(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
    found: int = cursor.fetchone()[0]
    return found


def _copy(cursor: Any, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    from django.db import connection

    for name, lines in rows.items():
        columns = TABLES[name]
        if connection.vendor == "sqlite":
            if lines:
                columns = columns.replace("matter_id, words", "rowid, words")
                marks = ", ".join(["%s"] * len(lines[0]))
                cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", map(_as_text, lines))
                lines.clear()
            continue
        with cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
            for line in lines:
                copy.write_row(line)
        lines.clear()


def _as_text(line: tuple[Any, ...]) -> list[Any]:
    """A row as SQLite keeps it: moments in UTC and as text, words without PostgreSQL's quotes."""
    return [
        value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, dt.datetime) else value
        for value in line
    ]


def _problems(many: int, kernel_matter: int, kernel_entry: int) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    from django.db import connection

    from qingfeng.kernel.ledger.canonical import encode
    from qingfeng.kernel.ledger.merkle import leaf_hash
    from qingfeng.kernel.ledger.values import plain
    from qingfeng.kernel.people.actors import office_key, unit_key
    from qingfeng.kernel.people.models import Jurisdiction, Person, Unit
    from qingfeng.kernel.search import pieces
    from qingfeng.kernel.time.periods import begin_of

    chance = random.Random(20261122)
    postgresql = connection.vendor == "postgresql"
    district = Jurisdiction.objects.get()
    units = list(Unit.objects.exclude(code="00").order_by("code").values_list("pk", flat=True))
    person = Person.objects.order_by("pk").first()
    assert person is not None
    office = office_key("supervision_office", district.pk)
    span = {"n": 15, "unit": "workday", "roll_forward": False}
    limit = json.dumps(span)
    for place in range(many):
        pk, unit = kernel_matter + place, units[place % len(units)]
        state = chance.choices(STATES, SHARES)[0]
        at = ground.NOW - YEAR * ((many - place) / many)
        over = (
            min(at + dt.timedelta(days=chance.randrange(3, 40)), ground.NOW)
            if state == "written_off"
            else None
        )
        # At midnight in the country, as limits by working days end.
        due = begin_of(ground.NOW.date() + dt.timedelta(days=chance.randrange(-12, 13)))
        fault = SCARCE if chance.random() < 2e-4 else chance.choice(FAULTS)
        title = f"{chance.choice(PLACES)}{fault}"
        number = f"{district.name}整改〔2026〕{pk}号"
        words = set(pieces(f"{number} {title}"))
        given = state != "found"
        holder = unit_key("unit_clerk", unit)
        access: list[tuple[Any, ...]] = [
            (pk, unit_key(role, unit), "", None, state == "written_off")
            for role in (("unit_clerk", "unit_head", "leader") if given else ())
        ]
        access += {
            "found": [(pk, office, "verify", None, False), (pk, office, "dismiss", None, False)],
            "assigned": [(pk, holder, "sign", due, False)],
            "rectifying": [(pk, holder, "report", due, False)],
            "reported": [(pk, office, "send_back", None, False), (pk, office, "write_off", None, False)],
        }.get(state, [])
        stopped = {
            "signing": None if state == "assigned" else at,
            "rectifying": None if state == "rectifying" else at,
        }
        names = () if not given else ("signing",) if state == "assigned" else ("signing", "rectifying")
        body = encode(
            {
                "v": 1,
                "jurisdiction": district.code,
                "chain": f"matter:{pk}",
                "seq": 1,
                "prev": "",
                "number": number,
                "act": "rectification.register",
                "actor": {"account": 1, "person": person.pk, "role": "supervision_office", "unit": 1},
                "at": plain(at),
                "state": state,
                "input": {"title": {"sealed": f"{pk:064x}"}, "kind": "inaction"},
                "schema": "0" * 16,
                "fields": f"{pk:064x}",
                "access": f"{pk:064x}",
            }
        )
        yield {
            "kernel_matter": [
                (
                    pk,
                    "rectification",
                    number,
                    district.pk,
                    state,
                    1,
                    state == "written_off",
                    "internal",
                    title,
                    at,
                    over,
                    person.pk,
                )
            ],
            "rectification_problem": [
                (
                    pk,
                    chance.choice(KINDS),
                    chance.choice(TOPICS),
                    chance.choice(SOURCES),
                    f"{title}，群众反映强烈。",
                    unit if given else None,
                    "三日内整改并报告。" if given else "",
                    "",
                    0,
                    False,
                    "",
                    chance.random() < 0.1,
                    int(chance.random() < 0.1),
                    chance.random() < 0.02,
                )
            ],
            "kernel_access": access,
            "kernel_running": [
                (pk, name, at, limit, "[]", "[]", due, None, stopped[name], None, "") for name in names
            ],
            "kernel_entry": [
                (
                    kernel_entry + place,
                    district.pk,
                    f"matter:{pk}",
                    1,
                    pk,
                    "register",
                    person.pk,
                    at,
                    body.decode(),
                    leaf_hash(body).hex(),
                )
            ],
            "kernel_fact": [
                (
                    district.pk,
                    kernel_entry + place,
                    0,
                    "problem.written_off",
                    f"unit:{unit}",
                    1,
                    0,
                    "1",
                    str(over.date()),
                    over,
                )
            ]
            if over
            else [],
            "kernel_matter_words": [
                (pk, " ".join(f"'{word}'" if postgresql else word for word in sorted(words)))
            ],
        }


def lives(many: int) -> None:
    """Copy one life of four acts, led by the engine, so many times: every row and body as if led each for itself."""
    from django.db import connection

    from qingfeng.kernel.acts.access import Access
    from qingfeng.kernel.ledger.canonical import encode
    from qingfeng.kernel.ledger.merkle import leaf_hash
    from qingfeng.kernel.ledger.models import Entry
    from qingfeng.kernel.ledger.schema import digest_of, field_list
    from qingfeng.kernel.matters.models import Matter, NumberSeries
    from qingfeng.kernel.record.facts import Fact
    from qingfeng.kernel.sealing.models import SealedValue
    from qingfeng.kernel.time.clocks import Running
    from qingfeng.mechanisms.problems.rectification.models import Problem

    led, stages = _led()
    names = field_list(Problem)
    own_columns = [field.attname for field in Problem._meta.local_concrete_fields if not field.primary_key]
    entries = list(Entry.objects.filter(matter_id=led.pk).order_by("seq"))
    contents = [entry.content for entry in entries]
    hanging = {
        model: list(model._default_manager.filter(**{path: led.pk}).order_by("pk"))
        for model, path in (
            (Access, "matter_id"),
            (Running, "matter_id"),
            (Fact, "entry__matter_id"),
            (SealedValue, "entry__matter_id"),
        )
    }
    places = {entry.pk: place for place, entry in enumerate(entries)}
    first, entry_id = Matter.objects.order_by("-pk")[0].pk + 1, Entry.objects.order_by("-pk")[0].pk + 1
    series = NumberSeries.objects.get(word="整改")
    drawn = series.last
    NumberSeries.objects.filter(pk=series.pk).update(last=drawn + many)
    for low in range(first, first + many, 1000):
        made: dict[type[Any], list[Any]] = {model: [] for model in (Matter, Entry, *hanging)}
        problems: list[tuple[Any, ...]] = []
        for pk in range(low, min(low + 1000, first + many)):
            number = f"{series.jurisdiction}整改〔2026〕{drawn + pk - first + 1}号"
            values = {**stages[-1], "id": pk, "number": number}
            made[Matter].append(
                Matter(**{field.attname: values[field.attname] for field in Matter._meta.concrete_fields})
            )
            problems.append((pk, *(values[name] for name in own_columns)))
            before = ""
            for place, content in enumerate(contents):
                own = {**stages[place], "id": pk, "number": number}
                said = content | {
                    "chain": f"matter:{pk}",
                    "prev": before,
                    "number": number,
                    "fields": digest_of((name, own[name]) for name in names),
                }
                body = encode(said)
                before = leaf_hash(body).hex()
                made[Entry].append(
                    _like(
                        entries[place],
                        id=entry_id + place,
                        matter_id=pk,
                        chain=f"matter:{pk}",
                        body=body.decode(),
                        hash=before,
                    )
                )
            for model, rows in hanging.items():
                for row in rows:
                    tied = (
                        {"matter_id": pk}
                        if model in (Access, Running)
                        else {"entry_id": entry_id + places[row.entry_id]}
                    )
                    made[model].append(_like(row, id=None, **tied))
            entry_id += len(entries)
        for model, rows in made.items():
            model._default_manager.bulk_create(rows)
            if model is Matter:
                with connection.cursor() as cursor:
                    marks = ", ".join(["%s"] * (len(own_columns) + 1))
                    cursor.executemany(
                        f"INSERT INTO rectification_problem (matter_ptr_id, {', '.join(own_columns)}) VALUES ({marks})",
                        problems,
                    )
    _go_on_from_there()


def _led() -> tuple[Any, list[dict[str, Any]]]:
    """A problem carried to its signature by the engine, and its fields after each act."""
    from qingfeng.kernel.acts.engine import perform
    from qingfeng.kernel.ledger.schema import field_list
    from qingfeng.kernel.matters.registry import acts_of
    from qingfeng.mechanisms.problems.rectification.models import Problem

    cast = [ground.actor(name) for name in ("office0", "office1", "clerk01")]
    acts, matter_id, stages, matter = acts_of(Problem), None, [], None
    for name, actor, values in ground.life(*cast, ground.unit("01"))[:4]:
        matter = perform(acts[name], actor, values, ground.NOW, matter_id=matter_id).matter
        matter_id = matter.pk
        stages.append({column: getattr(matter, column) for column in field_list(Problem)})
    return matter, stages


def _like(row: Any, **changes: Any) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**(values | changes))
