"""The operations of one mechanism: its reads and its acts, all from the declarations."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.api import boards, presentation, requests, schemas, statistics
from qingfeng.faces.api.auth import caller
from qingfeng.faces.api.parameters import Paging
from qingfeng.faces.api.routing import ACT_ERRORS, ApiOperation, Face
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.engine import Option, StoredAct, openings, options, perform
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.ledger.proofs import proof
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.people.identification import told_apart
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.pages import Page as Own
from qingfeng.kernel.reading.paging import ListPage, choices_after, cut, number_of
from qingfeng.kernel.reading.reads import Filters
from qingfeng.kernel.reading.rows import DeclaredRows, rows_of
from qingfeng.kernel.refusals import Barred, NotFound
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of

Answer = dict[str, Any]


class MechanismFace:
    """Everything this face does with the matters of one mechanism."""

    def __init__(self, face: Face, matter: type[Matter]) -> None:
        self.face = face
        self.matter = matter
        self.code = matter.code
        self.shapes = schemas.Shapes(matter)

    def hang(self) -> None:
        """Hang every read and every act."""
        for operation, view in self.reads():
            self.face.hang(operation, view)
        opening = [act for act in acts_of(self.matter).values() if act.opens]
        for act in acts_of(self.matter).values():
            self._hang_act(act, alone=len(opening) == 1)

    def reads(self) -> Iterator[tuple[ApiOperation, Any]]:
        """The reads of this mechanism, each with its view."""
        many, one = f"/{self.code}", f"/{self.code}/{{int:matter_id}}"
        shapes = self.shapes
        yield (
            self._read("list", many, shapes.page, _("List"), _("The newest first."), shapes.filters),
            self.listing,
        )
        yield (
            self._read("get", one, shapes.whole, _("Read"), _("With its time limits; ETag is its version.")),
            self.get,
        )
        yield (
            self._read(
                "timeline",
                f"{one}/timeline",
                schemas.Timeline,
                _("Timeline"),
                _("What happened, the latest first."),
            ),
            self.timeline,
        )
        yield (
            self._read(
                "options",
                f"{one}/options",
                schemas.Options,
                _("Options"),
                _("Every act, and why you can't do it where you can't."),
            ),
            self.options,
        )
        yield (
            self._read(
                "steps", f"{one}/steps", schemas.Steps, _("Approval steps"), _("The latest round first.")
            ),
            self.steps,
        )
        yield (
            self._read("papers", f"{one}/papers", schemas.Papers, _("Papers"), _("The latest first.")),
            self.papers,
        )
        yield (
            self._read(
                "links", f"{one}/links", schemas.Links, _("Links"), _("The linked matters you may read.")
            ),
            self.links,
        )
        yield (
            self._read(
                "proof",
                f"{one}/proof/{{int:entry_id}}",
                schemas.ProofView,
                _("Proof of an entry"),
                _("For the stand-alone verifier; an entry can be proved within a minute."),
            ),
            self.proof,
        )
        for rows in rows_of(self.matter).values():
            page = shapes.rows[rows.name]
            words = rows.label, _("In their order.")
            yield self._read(rows.name, f"{one}/{rows.name}", page, *words, Paging), self.rows(rows)
        for own in self.matter.pages:
            if own.answer is not None:
                yield (
                    self._read(own.name, f"{one}/{own.name}", own.answer, own.label, _("As it stands now.")),
                    self.own(own),
                )
        if self.matter.statistics:
            yield (
                self._read(
                    "statistics",
                    f"{many}/statistics",
                    statistics.Statistics,
                    _("Statistics"),
                    _("All statistics of a year, over what you may read."),
                    statistics.YearQuery,
                ),
                self.statistics,
            )
        if self.matter.boards:
            yield (
                self._read(
                    "boards",
                    f"{many}/boards",
                    boards.Boards,
                    _("Boards"),
                    _("What everybody in the house may know of a day."),
                    boards.DayQuery,
                ),
                self.boards,
            )
        words = _("Values"), _("What a chooser of an act that you may do now offers you.")
        yield (
            self._read(
                "opening_choices",
                f"{many}/choices/{{slug:act}}/{{slug:field}}",
                schemas.Candidates,
                *words,
                Paging,
            ),
            self.opening_choices,
        )
        yield (
            self._read(
                "choices",
                f"{one}/choices/{{slug:act}}/{{slug:field}}",
                schemas.Candidates,
                *words,
                Paging,
            ),
            self.choices,
        )

    def listing(self, request: HttpRequest, response: HttpResponse, query: Any) -> Answer:
        narrowed = {
            name: value for name in self.matter.filters if (value := getattr(query, name)) is not None
        }
        filters = Filters(state=query.state, open=query.open, text=query.q, fields=narrowed)
        page = reads.listing(caller(request).actor, self.code, filters, query.cursor, query.size)
        return paged(page, presentation.rows(page.rows))

    def get(self, request: HttpRequest, response: HttpResponse, matter_id: int) -> Answer:
        matter = self._one(request, matter_id)
        response["ETag"] = f'"{matter.version}"'
        return presentation.whole(matter, caller(request).actor)

    def timeline(self, request: HttpRequest, response: HttpResponse, matter_id: int) -> Answer:
        lines = reads.timeline(caller(request).actor, self.code, matter_id)
        return {"rows": [presentation.line(line) for line in lines], "next": None}

    def options(self, request: HttpRequest, response: HttpResponse, matter_id: int) -> Answer:
        offered = options(caller(request).actor, self._one(request, matter_id), caller(request).now)
        return {"rows": [presentation.option(option) for option in offered], "next": None}

    def steps(self, request: HttpRequest, response: HttpResponse, matter_id: int) -> Answer:
        found = reads.steps(caller(request).actor, self.code, matter_id)
        return {"rows": [presentation.step(step) for step in found], "next": None}

    def papers(self, request: HttpRequest, response: HttpResponse, matter_id: int) -> Answer:
        found = reads.papers(caller(request).actor, self.code, matter_id)
        return {"rows": [presentation.paper(paper) for paper in found], "next": None}

    def links(self, request: HttpRequest, response: HttpResponse, matter_id: int) -> Answer:
        found = reads.links(caller(request).actor, self.code, matter_id)
        linked = [presentation.linked(kind, other) for kind, other in found]
        return {"rows": linked, "next": None}

    def rows(self, declared: DeclaredRows) -> Any:
        """The view of the rows of one name."""

        def seen(request: HttpRequest, response: HttpResponse, matter_id: int, query: Paging) -> Answer:
            actor = caller(request).actor
            page = reads.rows(actor, self.code, matter_id, declared.name, query.cursor, query.size)
            return presentation.rows_page(declared, page)

        return seen

    def own(self, declared: Own) -> Any:
        """The view of one of the mechanism's own pages."""

        def seen(request: HttpRequest, response: HttpResponse, matter_id: int) -> Answer:
            who = caller(request)
            page, matter = reads.page_of(who.actor, self.code, matter_id, declared.name)
            assert page.told is not None, "a page with an answer tells it"
            answer: Answer = page.told(matter, who.actor, who.now).model_dump(mode="json")
            return answer

        return seen

    def statistics(self, request: HttpRequest, response: HttpResponse, query: statistics.YearQuery) -> Answer:
        who = caller(request)
        today = day_of(who.now)
        found = [
            reads.statistics(who.actor, self.code, one.name, query.year or today.year, today)
            for one in self.matter.statistics
        ]
        return {"rows": [statistics.shown(one) for one in found], "next": None}

    def boards(self, request: HttpRequest, response: HttpResponse, query: boards.DayQuery) -> Answer:
        who = caller(request)
        on = query.day or day_of(who.now)
        found = [reads.board(who.actor, self.code, one.name, on) for one in self.matter.boards]
        return {"rows": [boards.shown(one) for one in found], "next": None}

    def proof(self, request: HttpRequest, response: HttpResponse, matter_id: int, entry_id: int) -> Answer:
        entry = reads.entry(caller(request).actor, entry_id)
        if entry.matter_id != matter_id or entry.matter.mechanism != self.code:
            raise NotFound
        return proof(entry)

    def opening_choices(
        self, request: HttpRequest, response: HttpResponse, act: str, field: str, query: Paging
    ) -> Answer:
        who = caller(request)
        own = [option for option in openings(who.actor, who.now) if option.act.matter is self.matter]
        return self._choices(request, own, act, field, query)

    def choices(
        self,
        request: HttpRequest,
        response: HttpResponse,
        matter_id: int,
        act: str,
        field: str,
        query: Paging,
    ) -> Answer:
        matter = self._one(request, matter_id)
        offered = options(caller(request).actor, matter, caller(request).now)
        return self._choices(request, offered, act, field, query, matter)

    def _choices(
        self,
        request: HttpRequest,
        offered: list[Option],
        act: str,
        field: str,
        query: Paging,
        matter: Matter | None = None,
    ) -> Answer:
        option = next((option for option in offered if option.act.name == act), None)
        specs = {spec.name: spec for spec in option.act.inputs.fields} if option else {}
        spec = specs.get(field)
        if option is None or spec is None or spec.kind not in ("pick", "choice", "row"):
            raise NotFound
        decision = option.decision
        if not decision:
            raise Barred(decision.reason, decision.clause, decision.remedy)
        actor = caller(request).actor
        place = matter.jurisdiction_id if matter else actor.jurisdictions[0]
        scope = ActorScope(actor, place, day_of(caller(request).now), matter=matter)
        return _candidates(scope, spec, query)

    def _one(self, request: HttpRequest, matter_id: int) -> Matter:
        return reads.one(caller(request).actor, self.code, matter_id)

    def _read(
        self, kind: str, address: str, answer: Any, label: Words, text: Words, query: Any = None
    ) -> ApiOperation:
        return ApiOperation(f"{self.code}.{kind}", "GET", address, answer, label, text, self.code, query)

    def _hang_act(self, act: Act, alone: bool) -> None:
        address = f"/{self.code}" if act.opens else f"/{self.code}/{{int:matter_id}}"
        operation = ApiOperation(
            name=f"{self.code}.do.{act.name}",
            method="POST",
            address=address if act.opens and alone else f"{address}/{act.name}",
            answer=self.shapes.done,
            label=act.label,
            text=format_lazy("{}\n\n{}", spoken(act), format_lazy(_("By {}."), act.by.sentence())),
            tag=self.code,
            errors=ACT_ERRORS,
            status=201 if act.opens else 200,
            act=act,
        )

        def do(request: HttpRequest, response: HttpResponse, matter_id: int | None = None) -> Answer:
            who = caller(request)
            seen, key = requests.version(request), requests.key(request)
            raw = requests.given(request)
            requests.in_fen(raw, act.inputs.fields)
            done = perform(act, who.actor, raw, who.now, matter_id=matter_id, version=seen, key=key)
            return self._done(request, response, done)

        self.face.hang(operation, do)

    def _done(self, request: HttpRequest, response: HttpResponse, done: StoredAct) -> Answer:
        """The matter as its reader sees it after the act; none where the act took it out of their sight."""
        try:
            matter = self._one(request, done.matter.pk)
        except NotFound:
            return {"matter": None, "entry": presentation.entry(done.entry)}
        response["ETag"] = f'"{matter.version}"'
        response["Location"] = reverse(f"api:{self.code}.get", kwargs={"matter_id": matter.pk})
        return {
            "matter": presentation.whole(matter, caller(request).actor),
            "entry": presentation.entry(done.entry),
        }


def paged(page: ListPage, rows: list[Answer]) -> Answer:
    """A page, as every list answers."""
    return {"rows": rows, "next": page.following}


def spoken(act: Act) -> Words:
    """What an act is for, translated when it is shown."""
    return _(act.doc)


def _candidates(scope: ActorScope, spec: InputField, query: Paging) -> Answer:
    if spec.kind == "choice":
        return {
            "rows": [{"value": code, "label": str(label)} for code, label in scope.codes(spec)],
            "next": None,
        }
    if spec.kind == "row":
        rows = scope.rows(spec, number_of(query.cursor), query.size + 1)
        page = cut(rows, query.size, itemgetter(0))
        return paged(page, [{"value": number, "label": label} for number, label in page.rows])
    found = list(choices_after(scope.candidates(spec), query.cursor)[: query.size + 1])
    page = cut(found, query.size, lambda row: row.pk)
    labels = told_apart(page.rows, scope.on)
    return paged(
        page, [{"value": row.pk, "label": label} for row, label in zip(page.rows, labels, strict=True)]
    )
