"""The walk itself: everyone tries everything, and what happened is compared with what the table says."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.db import transaction

from qingfeng.kernel.acts import engine
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.engine import openings, options, perform
from qingfeng.kernel.guards import Guard, Question
from qingfeng.kernel.matters.registry import acts_of, matter_class
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.pages import Page
from qingfeng.kernel.reading.row_sources import ListRows
from qingfeng.kernel.reading.rows import rows_of
from qingfeng.kernel.time.periods import day_of
from tests import cast
from tests.walk.lists import LARGE, alone, lists, outcome
from tests.walk.staging import Company, Staged
from tests.walk.table import Row, Scene, Table, who

EVER = 150
"""Weeks, longer than a walk tells of."""
WALKED = Page("walked", "页面", "console/stack.html", lambda matter, actor, now: {})
WALKED_ROWS = ListRows("entered", label="各项", columns=(), name="walked")


class Walk:
    """One walk over one mechanism, on matters already staged in each state."""

    def __init__(self, table: Table, company: Company, staged: dict[str, Staged]) -> None:
        self.table = table
        self.company = company
        self.staged = staged
        self.acts = acts_of(matter_class(table.code))

    def mismatches(self) -> Iterator[str]:
        """Everything that is not as the table says, in words."""
        yield from self.opening()
        for scene in self.table.scenes.values():
            for act in self.acts.values():
                if not act.opens:
                    yield from self.doing(scene, act)
            yield from self.reading(scene)
        yield from self.whole_lists()
        yield from self.counted()
        yield from self.carried()
        yield from self.statistics()
        yield from self.boards()
        yield from self.saying_it_beforehand()
        yield from self.in_sql_as_in_python()

    def opening(self, only: Act | None = None) -> Iterator[str]:
        for act in self.acts.values():
            if act.opens and only in (None, act):
                row = self.table.open[act.name]
                for seat in _those_who_may_first(row):
                    # A party outside the staff opens nothing: to it no act that opens a matter is there.
                    others = "hidden" if self.company.actors[seat].outside else "barred"
                    expected = "may" if seat in row.may else others
                    yield from self._compared(
                        "opening", act, seat, expected, self._attempt(act, seat, row, None)
                    )

    def doing(self, scene: Scene, act: Act) -> Iterator[str]:
        """Everyone tries an act in a state.

        Where the act is the system's own, one stands for each kind of those who don't know of the matter;
        where it is not possible in this state, one for each kind of those who do as well: that nobody is
        offered it, is asked of everyone elsewhere.
        """
        row = scene.rows.get(act.name)
        pk = self.staged[scene.state].matter.pk
        tried = row or Row(act.name, frozenset(), {})
        hidden, readers = _some(set(who().seats) - scene.readers), scene.readers
        if row is None:
            readers = _some(scene.readers)
        elif not row.may <= set(who().groups["systems"]):
            hidden = set(who().seats) - scene.readers
        for seat in sorted(readers | hidden, key=lambda seat: (seat not in tried.may, seat)):
            expected = "may" if seat in tried.may else "barred" if seat in scene.readers else "hidden"
            got = self._attempt(act, seat, tried, pk)
            yield from self._compared(f"in “{scene.state}”", act, seat, expected, got)

    def reading(self, scene: Scene) -> Iterator[str]:
        """Every reading of one matter: by everyone in its last state, by one of each kind in the others."""
        staged = self.staged[scene.state]
        code, pk = self.table.code, staged.matter.pk
        singly: dict[str, Callable[[Actor], Any]] = {
            "one": lambda actor: reads.one(actor, code, pk),
            "timeline": lambda actor: reads.timeline(actor, code, pk),
            "steps": lambda actor: reads.steps(actor, code, pk),
            "links": lambda actor: reads.links(actor, code, pk),
            "attachment": lambda actor: reads.attachment(actor, staged.attachment.pk),
            "entry": lambda actor: reads.entry(actor, staged.entry.pk),
            "papers": lambda actor: reads.papers(actor, code, pk),
            "paper": lambda actor: reads.paper(actor, staged.paper.pk),
            "owed": lambda actor: reads.owed(actor, code, pk),
            "clocks": lambda actor: reads.clocks(actor, code, pk),
        }
        pages = matter_class(code).pages
        for declared in (WALKED, *pages):
            singly["page" if declared is WALKED else f"page {declared.name}"] = (
                lambda actor, name=declared.name: reads.page(actor, code, pk, name, cast.NOW)
            )
        rows = {"walked": WALKED_ROWS, **rows_of(matter_class(code))}
        for name in rows:
            singly["rows" if name == "walked" else f"rows {name}"] = lambda actor, name=name: reads.rows(
                actor, code, pk, name
            )
        last = scene.state == list(self.table.scenes)[-1]
        some = _some(scene.readers) | _some(set(who().seats) - scene.readers)
        for name, read in singly.items():
            for seat, actor in self.company.actors.items():
                if not last and name != "one" and seat not in some:
                    continue
                told = {
                    "words_read_by": scene.words_read_by,
                    "read_with_words": scene.words_read_by & scene.readers,
                }.get(who().reads.get(name.partition(" ")[0], ""), scene.readers)
                expected = "may" if seat in told else "hidden"
                with (
                    patch.object(matter_class(code), "pages", (WALKED, *pages)),
                    patch.object(matter_class(code), "entered", (), create=True),
                    patch.object(reads, "rows_of", lambda _matter: rows),
                ):
                    got = outcome(lambda read=read, actor=actor: read(actor))
                if got != expected:
                    yield (
                        f"{code}, reading “{name}” in “{scene.state}”: {seat}: the table says {expected},"
                        f" it was {got}"
                    )

    def whole_lists(self) -> Iterator[str]:
        """Every list, by everyone: it has what the table says it has, and nothing else."""
        for name, (listed, expected) in lists(self).items():
            for seat, actor in self.company.actors.items():
                found, rows = listed(actor) - {None}, expected(seat)
                if found != rows:
                    yield (
                        f"{self.table.code}, {name}: {seat}: the table says {sorted(rows)},"
                        f" it was {sorted(found)}"
                    )

    def counted(self) -> Iterator[str]:
        """The two counts on every page count what the lists list."""
        for seat, actor in self.company.actors.items():
            inbox, notices = reads.inbox(actor, size=LARGE).rows, reads.notices(actor, size=LARGE).rows
            matters = {row.matter_id for row in inbox}
            if reads.waiting(actor) != len(matters):
                yield f"{self.table.code}, waiting: {seat}: {reads.waiting(actor)} counted, {len(matters)} listed"
            if reads.unread(actor) != len(notices):
                yield f"{self.table.code}, unread: {seat}: {reads.unread(actor)} counted, {len(notices)} listed"

    def carried(self) -> Iterator[str]:
        """What first pages show and count is what the lists list: nothing of another's, and of one's own all."""
        code, later = self.table.code, cast.NOW + timedelta(days=1000)
        readers = frozenset[str]().union(*(scene.readers for scene in self.table.scenes.values()))
        tried = _some(readers) | _some(set(who().seats) - readers)
        for seat in tried:
            actor = self.company.actors[seat]
            listed = {row.pk: row for row in reads.listing(actor, code, size=LARGE).rows}
            still_open = {pk for pk, row in listed.items() if not row.closed}
            if matter_class(code).ground:
                still_open = set()
            carried = _of(code, reads.carried(actor, size=LARGE).rows)
            own = _of(code, reads.own(actor, size=LARGE).rows)
            for name, shown in (
                ("carried", carried),
                ("own", own),
                (
                    "awaited",
                    {row.matter_id for row in reads.awaited(actor, LARGE) if row.matter.mechanism == code},
                ),
            ):
                if not shown <= still_open:
                    yield f"{code}, {name}: {seat} is shown {sorted(shown - still_open)}"
            if (
                not matter_class(code).reads.standing(actor)
                and not actor.reason
                and carried | own != still_open
            ):
                yield f"{code}, carried: {seat}: {sorted(carried | own)} carried, {sorted(still_open)} listed"
            if sum(load.open for load in reads.loads(actor, later)) < len(carried):
                yield f"{code}, loads: {seat}: fewer are counted than the {len(carried)} carried"
            flow = next(
                (one for one in reads.flow(actor, day_of(later), EVER) if one.mechanism == code), None
            )
            counted = (sum(flow.opened), sum(flow.closed)) if flow else (0, 0)
            if not matter_class(code).ground and counted != (len(listed), len(listed) - len(still_open)):
                yield f"{code}, flow: {seat}: {counted} counted, {len(listed)} listed, {len(still_open)} open"
            late = {(one.holder, one.matters) for one in reads.late(actor, later) if one.mechanism == code}
            if late != (owed := self._overdue(actor, later)):
                yield f"{code}, late: {seat}: {sorted(late)} counted, {sorted(owed)} owed"

    def _overdue(self, actor: Actor, later: datetime) -> set[tuple[str, int]]:
        code = self.table.code
        owing = Counter(
            holder
            for row in reads.listing(actor, code, size=LARGE).rows
            for holder in {
                one.holder
                for one in reads.owed(actor, code, row.pk)
                if one.due is not None and one.due <= later
            }
        )
        return set(owing.items())

    def statistics(self) -> Iterator[str]:
        """Everyone may ask for each statistic; who reads nothing finds nothing in it, but for whom it is counted."""
        readers = frozenset[str]().union(*(scene.readers for scene in self.table.scenes.values()))
        for statistic in matter_class(self.table.code).statistics:
            for seat, actor in self.company.actors.items():
                if actor.outside:
                    got = outcome(
                        lambda actor=actor, name=statistic.name: reads.statistics(
                            actor, self.table.code, name, cast.TODAY.year, cast.TODAY
                        )
                    )
                    if got != "hidden":
                        yield f"{self.table.code}, statistics: “{statistic.name}”: {seat}: it was {got}"
                    continue
                found = reads.statistics(actor, self.table.code, statistic.name, cast.TODAY.year, cast.TODAY)
                if seat in self.table.counted_for and found.empty:
                    yield f"{self.table.code}, statistics: “{statistic.name}” is not counted for {seat}"
                if seat not in readers | self.table.counted_for and not found.empty:
                    yield (
                        f"{self.table.code}, statistics: {seat} reads nothing and is told {found.rows}"
                        f" by “{statistic.name}”"
                    )

    def boards(self) -> Iterator[str]:
        """Whoever acts in a role may see each board; for others it is not there."""
        for board in matter_class(self.table.code).boards:
            for seat, actor in self.company.actors.items():
                expected = "may" if seat in cast.PARTS else "hidden"
                got = outcome(
                    lambda actor=actor, board=board: reads.board(
                        actor, self.table.code, board.name, cast.TODAY
                    )
                )
                if got != expected:
                    yield f"{self.table.code}, board “{board.name}”: {seat}: expected {expected}, it was {got}"

    def saying_it_beforehand(self, only: Act | None = None) -> Iterator[str]:
        """“Why can't I?” and the buttons say before what the engine does after."""
        for seat, actor in self.company.actors.items():
            with alone(engine, self.table.code):
                offered = {option.act: bool(option.decision) for option in openings(actor, cast.NOW)}
            for row in self.table.open.values():
                if only in (None, self.acts[row.act]) and offered.get(self.acts[row.act], False) != (
                    seat in row.may
                ):
                    yield f"{self.table.code}: {seat} is offered “{row.act}” otherwise than the table says"
            for scene in self.table.scenes.values():
                if seat not in scene.readers:
                    continue
                for option in options(actor, self.staged[scene.state].matter, cast.NOW):
                    if only not in (None, option.act):
                        continue
                    row = scene.rows.get(option.act.name)
                    if bool(option.decision) != (row is not None and seat in row.may):
                        yield (
                            f"{self.table.code}, in “{scene.state}”: {seat} is offered “{option.act.name}”"
                            " otherwise than the table says"
                        )
                    if not option.decision and not str(option.decision.reason):
                        yield f"{self.table.code}: {seat} is not told why “{option.act.name}” is not theirs"

    def in_sql_as_in_python(self) -> Iterator[str]:
        """Each guard's condition finds exactly the matters it decides yes for."""
        matter_cls = matter_class(self.table.code)
        guards: dict[str, Guard] = {
            str(act.by.sentence()): act.by for act in self.acts.values() if not act.opens
        }
        guards["(who reads)"] = matter_cls.reads
        matters = {staged.matter.pk: staged.matter for staged in self.staged.values()}
        for words, guard in guards.items():
            for seat, actor in self.company.actors.items():
                rows = matter_cls._base_manager.filter(guard.condition(actor), pk__in=matters)
                in_sql = set(rows.values_list("pk", flat=True))
                in_python = {
                    pk for pk, matter in matters.items() if guard.decide(Question(actor, matter, cast.NOW))
                }
                if in_sql != in_python:
                    yield f"{self.table.code}, {words}: {seat}: SQL finds {in_sql}, Python {in_python}"

    def _attempt(self, act: Act, seat: str, row: Row, pk: int | None) -> str:
        at = cast.NOW + timedelta(days=row.after)
        raw = self.company.resolved(row.raw, seat)
        # That a refusal is journalled is tested where the journal is; here it would be half of the work.
        with transaction.atomic(), patch.object(engine.journal, "write", _unwritten):
            became = outcome(lambda: perform(act, self.company.actors[seat], raw, at, matter_id=pk))
            if act.expires is not None and became.startswith("conflict"):
                became = "may"  # once its clock runs out, which here it does not
            transaction.set_rollback(True)
        return became

    def _compared(self, where: str, act: Act, seat: str, expected: str, got: str) -> Iterator[str]:
        if got != expected:
            yield (
                f"{self.table.code}, {where}, “{act.name}”: {seat}: the table says {expected}, it was {got}"
            )


def _unwritten(*_said: Any, **_of: Any) -> None:
    """In the place of an entry in the journal; a mock would take longer than what is tried."""


def _of(code: str, rows: Sequence[Any]) -> set[int]:
    return {row.matter.pk for row in rows if row.matter.mechanism == code}


def _those_who_may_first(row: Row) -> list[str]:
    return sorted(who().seats, key=lambda seat: seat not in row.may)


def _some(seats: set[str] | frozenset[str]) -> set[str]:
    """One of each kind: the first of every group and place."""
    kinds = (*who().groups.values(), *who().places.values())
    return {next(seat for seat in kind if seat in seats) for kind in kinds if not seats.isdisjoint(kind)}
