"""The round of inspection and its acts."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.papers.models import Paper
from qingfeng.kernel.record.batches.draw import draw, frame_digest
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    STAYS,
    CalendarEvent,
    Did,
    Do,
    Input,
    Matter,
    Office,
    Person,
    Prose,
    Reason,
    Role,
    State,
    System,
    Unit,
    act,
)
from qingfeng.mechanisms.problems.inspection import inputs, overlaps, paper_texts, rules
from qingfeng.mechanisms.problems.inspection.declarations import (
    BURDEN,
    DRINKING,
    DRINKING_LABEL,
    DROPPED,
    ROUND,
    VISIT,
    VISIT_LINK,
)
from qingfeng.mechanisms.problems.inspection.guards import OnTeam, demand_another
from qingfeng.mechanisms.problems.inspection.pages import COURSE
from qingfeng.mechanisms.problems.inspection.policy import PUBLIC_FOR, Manner
from qingfeng.mechanisms.problems.inspection.registers import TeamMember
from qingfeng.organization.topics import PROBLEM_KINDS, TOPICS

OFFICE = Office(Role.SUPERVISION_OFFICE)
LEADERS = Office(Role.LEADER)

ASKED = State("asked", _("asked for"))
REFUSED = State("refused", _("refused"), final=True)
PREPARING = State("preparing", _("in preparation"))
TO_DRAW = State("to_draw", _("in preparation, to be drawn"))
FRAMED = State("framed", _("frame published"))
UNDER_WAY = State("under_way", _("under way"))
REPORTED = State("reported", _("circular drawn up"))
ISSUED = State("issued", _("circular issued"), final=True)
CALLED_OFF = State("called_off", _("called off"), final=True)


class SecondmentRow(Input):
    """A person seconded to the team."""

    person: Annotated[Person, _("Person")]  # type: ignore[valid-type]  # mypy, before Person is analysed


class Inspection(Matter):
    """A round of inspection, open or covert, of all its units or of some drawn, to its circular (督导检查、明察暗访)."""

    code = "inspections"
    series = "督查"
    reads: ClassVar = OFFICE | LEADERS | OnTeam()
    becomes: ClassVar = {"lead": FOLLOWS, "objects_of": STAYS}
    filters = ("topic", "manner")
    pages = (COURSE,)

    topic = models.CharField(_("topic"), max_length=60)
    manner = models.CharField(_("open or covert"), max_length=10, choices=Manner.choices)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("leading unit"))
    drawn = models.PositiveSmallIntegerField(_("units to be drawn"))
    reason = models.TextField(_("why it is needed beside the plan"), blank=True)
    frame = models.CharField(_("digest of the frame"), max_length=64, blank=True)
    seed = models.CharField(_("seed of the draw"), max_length=64, blank=True)
    objects_of = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("round of inspection")
        verbose_name_plural = _("rounds of inspection")

    @property
    def discreet(self) -> bool:
        """A covert round is, until its circular is issued: nobody outside is to learn of it beforehand."""
        return super().discreet or (self.manner == Manner.COVERT and not self.closed)

    def occasion(self) -> CalendarEvent | None:
        """Its days, in the calendars of those who read it, while it is to come or goes on."""
        if self.state not in (PREPARING.code, TO_DRAW.code, FRAMED.code, UNDER_WAY.code):
            return None
        return CalendarEvent(self.first_day, self.last_day, self.title)

    @classmethod
    def on_record(cls, asked: Matter) -> Iterable[rules.InspectionSlot]:
        """What the rounds of a jurisdiction visited or will visit, but for the one that asks."""
        held = cls.objects.exclude(pk=asked.pk).exclude(state__in=(REFUSED.code, CALLED_OFF.code))
        for one in held.filter(jurisdiction=asked.jurisdiction_id).prefetch_related("visits"):
            visited = [visit.unit_id for visit in one.visits.all() if visit.state != DROPPED.code]
            # Whom a draw meets is known once the visits are there.
            known = one._plain(visited, 0) if one.seed else one._plain(one.objects_of, one.drawn)
            yield from inputs.looked([known], one.number)

    @act(
        NEW,
        to=(PREPARING, TO_DRAW),
        by=System("duty"),
        provides=ROUND,
        label=_("Open a round of a plan, a campaign or the month"),
    )
    def prepare(self, do: Do, wanted: inputs.InspectionRequest) -> State:
        """Open a round that a plan or campaign approved before holds, or that the regime has return each month."""
        self._take(do, wanted)
        return self._prepared

    @act(NEW, to=ASKED, by=OFFICE, label=_("Ask for a round beside the plan"))
    def ask(
        self,
        do: Do,
        wanted: inputs.InspectionRequest,
        reason: Annotated[str, Prose(1000)],
        go_on: inputs.GoOn = "",
    ) -> None:
        """Ask for a round that stands in no plan; it is held against the plans, the rounds on record and the cap."""
        self._take(do, wanted)
        self.reason = reason
        asked = inputs.looked([self._plain(self.objects_of, self.drawn)])
        inputs.demand_under_cap(do, BURDEN, self.first_day.year, rules.times(asked))
        inputs.demand_apart(do, asked, overlaps.others(self), go_on)

    @act(ASKED, to=(PREPARING, TO_DRAW), by=LEADERS, owed=True, label=_("Approve the round"))
    def approve(self, do: Do) -> State:
        """Let the round be prepared."""
        demand_another(do)
        return self._prepared

    @act(ASKED, to=REFUSED, by=LEADERS, owed=True, label=_("Refuse the round"))
    def refuse(self, do: Do, why: Reason) -> None:
        """Refuse the round, with the reason."""

    @act((PREPARING, TO_DRAW, FRAMED), by=OFFICE, label=_("Second people to the team"))
    def second(self, do: Do, people: Annotated[list[SecondmentRow], _("Seconded people")]) -> None:
        """Second people to the team, before the visits begin; nobody among them inspects their own unit."""
        known = set(self.members.values_list("person_id", flat=True))
        for place, row in enumerate(people):
            if row.person.pk in known:
                raise Invalid({f"people.{place}.person": [_("This person is on the team already.")]})
            known.add(row.person.pk)
            do.record(TeamMember(round=self, person=row.person, valid_from=do.today))

    @act(PREPARING, to=UNDER_WAY, by=OFFICE, owed=True, label=_("Begin the visits"))
    def begin(self, do: Do) -> None:
        """Begin the visits to all units of the round; each is a sheet of its own."""
        self._visit(do, inputs.as_they_stand(self.objects_of, do.today))

    @act(TO_DRAW, to=FRAMED, by=OFFICE, owed=True, label=_("Publish the frame of the draw"))
    def publish_frame(self, do: Do) -> None:
        """Publish the digest of who may be drawn, before there is a seed; so neither can be fitted to the other."""
        frame = self._codes(do)
        self.frame = frame_digest(list(frame))
        do.note("frame", {"digest": self.frame, "frame": list(frame)})

    @act(FRAMED, to=UNDER_WAY, by=OFFICE, owed=True, label=_("Draw the units"))
    def draw(self, do: Do) -> None:
        """Draw the units with a seed made now; whoever has frame and seed can draw them again."""
        frame = self._codes(do)
        if frame_digest(list(frame)) != self.frame:
            do.refuse(
                _("The units are not those whose frame was published."),
                remedy=_("Call the round off and ask for another."),
            )
        self.seed = secrets.token_hex(16)
        size = min(self.drawn, len(frame))
        found = draw(list(frame), self.seed, size)
        drawn = {"frame": list(frame), "digest": found.frame_digest, "seed": self.seed, "size": size}
        do.note("draw", {**drawn, "selected": list(found.selected)})
        self._visit(do, [frame[code] for code in found.selected])

    @act((ASKED, PREPARING, TO_DRAW, FRAMED), to=CALLED_OFF, by=OFFICE, label=_("Call the round off"))
    def call_off(self, do: Do, why: Reason) -> None:
        """Call the round off before its visits begin."""

    @act(UNDER_WAY, to=REPORTED, by=OFFICE, label=_("Draw up the circular"))
    def report(self, do: Do) -> None:
        """Draw up the circular, once every unit that was visited had its conclusion and its say."""
        if self.visits.filter(closed=False, visited_on__isnull=False).exists():
            do.refuse(
                _(
                    "Not every unit that was visited has its conclusion yet, or the time to object still runs."
                ),
                remedy=_("The visits of this round show which."),
            )
        with paper_texts.in_house():
            told = self._told(do)
            do.paper(
                paper_texts.ready(do, paper_texts.CIRCULAR),
                do.unit,
                f"关于“{self.title}”情况的通报",
                told,
                public_text=self._public(told),
                expires_on=do.today + timedelta(days=do.value(PUBLIC_FOR)),
            )

    @act(REPORTED, to=UNDER_WAY, by=OFFICE & ~Did("report"), owed=True, label=_("Send the circular back"))
    def send_back(self, do: Do, why: Reason) -> None:
        """Send the circular back, to be drawn up anew."""

    @act(REPORTED, to=ISSUED, by=OFFICE & ~Did("report"), owed=True, label=_("Issue the circular"))
    def issue(self, do: Do) -> None:
        """Issue the circular; never by whoever drew it up."""
        do.approve_paper(Paper.objects.filter(matter=self.pk).latest("id"))

    @property
    def _prepared(self) -> State:
        return TO_DRAW if self.drawn else PREPARING

    def _take(self, do: Do, wanted: inputs.InspectionRequest) -> None:
        asked = inputs.plain(do, wanted)
        for name in ("title", "topic", "manner", "first_day", "last_day", "lead", "drawn"):
            setattr(self, name, getattr(wanted, name))
        self.objects_of = asked["units"]

    def _plain(self, units: Sequence[int], drawn: int) -> inputs.Round:
        """What it looks at, in plain values."""
        return {
            "title": self.title,
            "topic": self.topic,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "drawn": drawn,
            "units": list(units),
        }

    def _codes(self, do: Do) -> dict[str, int]:
        """The units of the round by code, in the order of codes: the frame of its draw."""
        standing = inputs.as_they_stand(self.objects_of, do.today)
        units = Unit.objects.filter(pk__in=standing).order_by("code", "id")
        return dict(units.values_list("code", "pk"))

    def _visit(self, do: Do, units: list[int]) -> None:
        """Open a visit a unit, in the order of ids, so that two rounds at once don't wait for each other."""
        if not self.members.exists():
            do.refuse(_("Nobody is on the team yet."), remedy=_("Second people to the team first."))
        inputs.demand_under_cap(do, BURDEN, self.first_day.year, Counter(units))
        for unit in sorted(units):
            do.open(VISIT, {"round": self.pk, "unit": unit}, VISIT_LINK)

    def _told(self, do: Do) -> dict[str, Any]:
        """What the circular tells: counts, by unit and by kind; named is only who drank at lunch on a working day."""
        visits = list(
            self.visits.filter(visited_on__isnull=False).select_related("unit").order_by("unit__code")
        )
        kinds = Counter(finding["kind"] for visit in visits for finding in visit.standing)
        labels = do.policy.labels(PROBLEM_KINDS) | {DRINKING: DRINKING_LABEL}
        return {
            "round": self.title,
            "topic": do.policy.labels(TOPICS).get(self.topic, self.topic),
            "manner": Manner(self.manner).label,
            "first": self.first_day,
            "last": max([self.last_day, *self._last_visit()]),
            "lead": self.lead,
            "units": len(visits),
            "visits": sum(visit.times for visit in visits),
            "problems": kinds.total(),
            "kinds": [
                {"label": labels.get(kind, kind), "number": number}
                for kind, number in sorted(kinds.items(), key=lambda counted: (-counted[1], counted[0]))
            ],
            "named": self._named(visits),
            "drawn": bool(self.drawn),
            "frame": len(self.objects_of),
            "digest": self.frame,
            "by_unit": [
                {
                    "name": visit.unit.name,
                    "visits": visit.times,
                    "problems": len(visit.standing),
                    "asked": visit.asked,
                    "right": visit.right,
                }
                for visit in visits
            ],
        }

    @staticmethod
    def _named(visits: Iterable[Any]) -> list[dict[str, Any]]:
        """Who drank at lunch on a working day, by the findings that stand, with unit and day."""
        rows = [
            (visit.unit.name, finding)
            for visit in visits
            for finding in visit.standing
            if finding["kind"] == DRINKING
        ]
        people = Person.objects.in_bulk({pk for _unit, finding in rows for pk in finding["people"]})
        return [
            {"name": str(people[pk]), "unit": unit, "day": finding["day"]}
            for unit, finding in rows
            for pk in finding["people"]
            if pk in people
        ]

    def _last_visit(self) -> list[date]:
        last = self.visits.aggregate(last=Max("visited_on"))["last"]
        return [last] if last else []

    @staticmethod
    def _public(told: dict[str, Any]) -> str:
        """The public version: how much was found of what; neither units nor persons."""
        kinds = "；".join(f"{kind['label']}{kind['number']}个" for kind in told["kinds"])
        found = f"，涉及{len(told['kinds'])}个方面：{kinds}" if kinds else ""
        seen = f"检查单位{told['units']}家，实地检查{told['visits']}次"
        return f"“{told['round']}”{seen}，发现问题{told['problems']}个{found}。"
