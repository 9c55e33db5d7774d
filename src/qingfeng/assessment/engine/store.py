"""Stored results: scores, traces and inputs as Parquet beside one JSON page, written whole or not at all.

``run.json`` says what was run. For the n-th jurisdiction, ``scores-n.parquet`` has a row per scheme and
subject, ``traces-n.parquet`` one per indicator, ``inputs-n.parquet`` one per sum. What all subjects
share stands once in ``run.json``. :class:`Stored` gives back the same traces as the run itself.
"""

import datetime as dt
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from qingfeng.assessment.engine.assess import JurisdictionScores
from qingfeng.assessment.engine.exact import Ints
from qingfeng.assessment.engine.methods import needs_of
from qingfeng.assessment.engine.readers.question import FactQuery, Need
from qingfeng.assessment.engine.refusals import NOWHERE, EngineRefusal
from qingfeng.assessment.engine.scheme.catalogue import FactName, Title
from qingfeng.assessment.engine.scoring import SchemeScores, Standing, Status
from qingfeng.assessment.engine.texts import put_texts
from qingfeng.assessment.engine.traces import Trace, TraceInput, describe

FORMAT = 1


def save(outcomes: Mapping[str, JurisdictionScores], folder: Path) -> None:
    """Store a run in a new folder; an existing one is refused, and a failure leaves nothing behind."""
    if folder.exists():
        raise EngineRefusal("folder_taken", NOWHERE, folder=folder.name)
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        for number, outcome in enumerate(outcomes.values()):
            _Writer(unfinished, number).write(outcome)
        page = {"format": FORMAT, "outcomes": [_page(outcome) for outcome in outcomes.values()]}
        text = json.dumps(page, ensure_ascii=False, indent=1)
        (unfinished / "run.json").write_text(text, encoding="utf-8")
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


class _Writer:
    """Writes one jurisdiction's three tables from the columns as they are, without a Python object per
    row.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder
        self._number = number
        self._connection = duckdb.connect()

    def write(self, outcome: JurisdictionScores) -> None:
        with self._connection:
            self._inputs(outcome)
            schemes = list(outcome.schemes.values())
            self._copy("scores", [self._scores(scores) for scores in schemes])
            self._copy("traces", [self._traces(scores) for scores in schemes])

    def _table(self, name: str, columns: Mapping[str, Any]) -> None:
        self._connection.register(name, dict(columns))

    def _names(self, name: str, texts: tuple[str, ...] | list[str]) -> None:
        put_texts(self._connection, name, {"text": texts})

    def _copy(self, name: str, selects: list[str]) -> None:
        target = str(self._folder / f"{name}-{self._number}.parquet").replace("'", "''")
        self._connection.execute(f"COPY ({' UNION ALL '.join(selects)}) TO '{target}' (FORMAT parquet)")

    def _inputs(self, outcome: JurisdictionScores) -> None:
        self._names("everyone", outcome.evidence.subjects)
        selects = []
        for number, (question, sums) in enumerate(outcome.evidence.answers):
            needs, rows = f"needs_{number}", f"sums_{number}"
            self._names(needs, [need.fact.name for need in question.needs])
            columns = ("need", "subject", "level", "rows", "count", "total", "digest")
            self._table(rows, {column: getattr(sums, column) for column in columns})
            selects.append(
                f"""SELECT {number} AS question, need, everyone.text AS subject, {needs}.text AS fact,
                           level, rows, count, total, digest
                    FROM {rows} JOIN everyone ON everyone.at = {rows}.subject
                         JOIN {needs} ON {needs}.at = need"""
            )
        if selects:
            self._copy("inputs", selects)

    def _scores(self, scores: SchemeScores) -> str:
        name = f"scores_{_key(scores)}"
        put_texts(
            self._connection,
            f"subjects_{_key(scores)}",
            {
                "text": scores.subjects,
                "name": [member.name for member in scores.members],
                "grouped": [member.group for member in scores.members],
            },
        )
        self._table(
            name,
            {
                "position": np.arange(len(scores.subjects)),
                "total": scores.total,
                "plain": scores.plain,
                "rank": scores.ranking.rank,
                "from_below": scores.ranking.from_below,
                "size": scores.ranking.size,
                "standing": scores.standing,
            },
        )
        return f"""SELECT '{_text(scores.scheme.id)}' AS scheme, subjects.text AS subject, name,
                          grouped AS "group", total, plain, rank, from_below, size, standing
                   FROM {name} JOIN subjects_{_key(scores)} AS subjects ON subjects.at = position"""

    def _traces(self, scores: SchemeScores) -> str:
        length, name = len(scores.subjects), f"traces_{_key(scores)}"
        most = max(1, *(len(scored.steps) for scored in scores.indicators))
        subjects = np.tile(np.arange(length), len(scores.indicators))
        columns: dict[str, Ints] = {
            "at_subject": subjects,
            "at_indicator": np.repeat(np.arange(len(scores.indicators)), length),
            "points": np.concatenate([scored.points for scored in scores.indicators]),
            "plain": np.concatenate([scored.plain for scored in scores.indicators]),
            "status": np.concatenate([scored.status for scored in scores.indicators]),
            "many": np.repeat([len(scored.steps) for scored in scores.indicators], length),
        }
        nothing = np.zeros(length, dtype=np.int64)
        steps = [list(scored.steps.values()) for scored in scores.indicators]
        for number in range(most):
            column = [each[number] if number < len(each) else nothing for each in steps]
            columns[f"step_{number}"] = np.concatenate(column)
        self._table(name, columns)
        self._names(f"indicators_{_key(scores)}", [scored.indicator.id for scored in scores.indicators])
        listed = ", ".join(f"step_{number}" for number in range(most))
        return f"""SELECT '{_text(scores.scheme.id)}' AS scheme, subjects.text AS subject,
                          indicators.text AS indicator, points, plain, status::UTINYINT AS status,
                          list_value({listed})[:many] AS steps
                   FROM {name} JOIN subjects_{_key(scores)} AS subjects ON subjects.at = at_subject
                        JOIN indicators_{_key(scores)} AS indicators ON indicators.at = at_indicator"""


def _text(text: str) -> str:
    return text.replace("'", "''")


def _key(scores: SchemeScores) -> str:
    return scores.scheme.digest[:16]


def _page(outcome: JurisdictionScores) -> dict[str, Any]:
    questions = [
        {
            "first": question.first.isoformat(),
            "last": question.last.isoformat(),
            "needs": [
                {"fact": need.fact.name, "unit": need.fact.unit, "scale": need.fact.scale, "by": need.by}
                for need in question.needs
            ],
        }
        for question, _ in outcome.evidence.answers
    ]
    return {
        "jurisdiction": outcome.jurisdiction,
        "known_at": next(iter(outcome.schemes.values())).known_at.astimezone(dt.UTC).isoformat(),
        "outside": outcome.evidence.outside,
        "questions": questions,
        "schemes": [_scheme_page(outcome, scores) for scores in outcome.schemes.values()],
    }


def _scheme_page(outcome: JurisdictionScores, scores: SchemeScores) -> dict[str, Any]:
    scheme = scores.scheme
    asked = {
        need: [number, position]
        for number, (question, _) in enumerate(outcome.evidence.answers)
        for position, need in enumerate(question.needs)
    }
    return {
        "scheme": scheme.id,
        "title": {"zh": scheme.title.zh, "en": scheme.title.en},
        "digest": scheme.digest,
        "text": scheme.text,
        "period": str(scores.period),
        "known_at": scores.known_at.astimezone(dt.UTC).isoformat(),
        "indicators": [
            {
                **describe(scores, scored.indicator),
                "step_names": list(scored.steps),
                "needs": [asked[need] for need in needs_of(scored.indicator)],
            }
            for scored in scores.indicators
        ],
        "exclusions": [
            {
                "subject": each.subject,
                "indicator": each.indicator,
                "kind": each.kind,
                "decision": each.decision,
                "answers": dict(each.answers),
            }
            for each in scores.exclusions
        ],
        "links": {
            subject: [[link.to, link.share] for link in links] for subject, links in scores.links.items()
        },
    }


def _question(outcome: Mapping[str, Any], page: Mapping[str, Any]) -> FactQuery:
    names = (
        FactName(each["fact"], Title(each["fact"], each["fact"]), each["unit"], each["scale"])
        for each in page["needs"]
    )
    needs = tuple(Need(name, "period", each["by"]) for name, each in zip(names, page["needs"], strict=True))
    first, last = (dt.date.fromisoformat(page[key]) for key in ("first", "last"))
    known_at = dt.datetime.fromisoformat(outcome["known_at"])
    return FactQuery(outcome["jurisdiction"], first, last, known_at, needs, ())


class StoredRun:
    """A stored run, read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        page = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        self.outcomes: list[dict[str, Any]] = page["outcomes"]
        self._connection = duckdb.connect()

    def score(self, jurisdiction: str, scheme: str, subject: str) -> dict[str, Any]:
        """The subject's row of ``scores.parquet``, standing in words; KeyError when there is none."""
        number, _ = self._find(jurisdiction, scheme)
        rows = self._rows(
            "scores", number, "scheme = $scheme AND subject = $subject", scheme=scheme, subject=subject
        )
        if not rows:
            raise KeyError(subject)
        return {**rows[0], "standing": Standing(rows[0]["standing"]).name.lower()}

    def questions(self, jurisdiction: str) -> list[FactQuery]:
        """What was asked of the reader, without the subjects: enough to list anyone's input facts again."""
        for outcome in self.outcomes:
            if outcome["jurisdiction"] == jurisdiction:
                return [_question(outcome, page) for page in outcome["questions"]]
        raise KeyError(jurisdiction)

    def traces(self, jurisdiction: str, scheme: str, subject: str) -> list[Trace]:
        """All of a subject's traces, in the scheme's order, as the run itself gives them."""
        number, page = self._find(jurisdiction, scheme)
        found = self._rows(
            "traces", number, "scheme = $scheme AND subject = $subject", scheme=scheme, subject=subject
        )
        if not found:
            raise KeyError(subject)
        by_indicator = {row["indicator"]: row for row in found}
        inputs = self._inputs(number, subject)
        linked = self._linked(number, page, subject)
        return [
            self._trace(subject, shared, by_indicator[shared["indicator"]], inputs, linked)
            for shared in page["indicators"]
        ]

    def _trace(
        self,
        subject: str,
        shared: Mapping[str, Any],
        row: Mapping[str, Any],
        inputs: Mapping[tuple[int, int], list[TraceInput]],
        linked: Mapping[str, tuple[tuple[str, int, int], ...]],
    ) -> Trace:
        kept = {key: value for key, value in shared.items() if key not in ("step_names", "needs")}
        return Trace(
            **kept,
            subject=subject,
            inputs=tuple(
                each for need in sorted(shared["needs"]) for each in inputs.get((need[0], need[1]), [])
            ),
            linked=linked.get(shared["parameters"].get("scheme", ""), ())
            if "linked" in shared["method"]
            else (),
            steps=dict(zip(shared["step_names"], row["steps"], strict=True)),
            status=Status(row["status"]).name.lower(),
            points=row["points"],
            plain=row["plain"],
        )

    def _inputs(self, number: int, subject: str) -> dict[tuple[int, int], list[TraceInput]]:
        page = self.outcomes[number]
        found: dict[tuple[int, int], list[TraceInput]] = {}
        if not page["questions"]:
            return found
        for row in self._rows("inputs", number, "subject = $subject", subject=subject):
            question = page["questions"][row["question"]]
            need = question["needs"][row["need"]]
            found.setdefault((row["question"], row["need"]), []).append(
                TraceInput(
                    **need,
                    first=question["first"],
                    last=question["last"],
                    level=row["level"],
                    rows=row["rows"],
                    count=row["count"],
                    total=row["total"],
                    digest=f"{row['digest']:016x}",
                )
            )
        for rows in found.values():
            rows.sort(key=lambda each: each.level)
        return found

    def _linked(
        self, number: int, page: Mapping[str, Any], subject: str
    ) -> dict[str, tuple[tuple[str, int, int], ...]]:
        """Of each scheme linked to: subject, share, total."""
        found: dict[str, tuple[tuple[str, int, int], ...]] = {}
        for shared in page["indicators"]:
            if not shared["method"].startswith("linked/"):
                continue
            scheme = shared["parameters"]["scheme"]
            jurisdiction = self.outcomes[number]["jurisdiction"]
            found[scheme] = tuple(
                (to, share, self.score(jurisdiction, scheme, to)["total"])
                for to, share in page["links"].get(subject, [])
            )
        return found

    def _find(self, jurisdiction: str, scheme: str) -> tuple[int, dict[str, Any]]:
        for number, outcome in enumerate(self.outcomes):
            if outcome["jurisdiction"] == jurisdiction:
                for page in outcome["schemes"]:
                    if page["scheme"] == scheme:
                        return number, page
        raise KeyError((jurisdiction, scheme))

    def _rows(self, table: str, number: int, condition: str, **values: Any) -> list[dict[str, Any]]:
        path = str(self._folder / f"{table}-{number}.parquet").replace("'", "''")
        cursor = self._connection.execute(f"SELECT * FROM read_parquet('{path}') WHERE {condition}", values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
