"""What the acts of leave have in common: taking and giving back half days, the route of approval, standing in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.actors import office_key, person_key, unit_key
from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.roles import RoleHolding, answering
from qingfeng.kernel.reading import compiled
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, opened
from qingfeng.kernel.text.words import Words, in_house, written_day
from qingfeng.kernel.time.periods import Period, due
from qingfeng.kernel.time.workdays import CalendarNotPublished, Workdays
from qingfeng.kernel.vocabulary import Do, FactKind, Person, Role, Stage
from qingfeng.mechanisms.restraint.leave import annual, rules, stand_ins
from qingfeng.mechanisms.restraint.leave.declarations import ANNUAL
from qingfeng.mechanisms.restraint.leave.inputs import DayHalf, LeaveRecord, LeaveRequest, field_of, wrong
from qingfeng.mechanisms.restraint.leave.policy import DAY_BEGINS, FORM_WITHIN, KINDS, LADDER, NOON
from qingfeng.mechanisms.restraint.leave.registers import HalfDay
from qingfeng.organization.cadres import cadre_of

if TYPE_CHECKING:
    from qingfeng.mechanisms.restraint.leave.models import Leave


LONGEST_ASKED = 3 * 366
"""Days that nobody asks for in one leave; more is a year mistyped, and its days are not counted one by one."""

REACH = timedelta(days=2 * 366)
"""How far on either side other leave is looked for that this one goes on from."""

OFFICES: dict[str, tuple[Role, Words, bool]] = {
    "unit_head": (Role.UNIT_HEAD, Role.UNIT_HEAD.label, False),
    "leader": (Role.LEADER, Role.LEADER.label, False),
    "organization_department": (Role.ORGANIZATION_DEPARTMENT, Role.ORGANIZATION_DEPARTMENT.label, True),
    "leadership": (Role.LEADER, _("A leader of the jurisdiction"), True),
}
"""Each office of the ladder: its role, what its step is called, and whether it answers for the whole jurisdiction."""


def begins(leave: Leave, do: Do) -> datetime:
    """When its first half day begins."""
    return rules.begins(leave.first, do.value(DAY_BEGINS), do.value(NOON))


def last_begins(leave: Leave, do: Do) -> datetime:
    """When its last half day begins: the day from which the time to cancel it is counted."""
    return rules.begins(leave.last, do.value(DAY_BEGINS), do.value(NOON))


def ends(leave: Leave, do: Do) -> datetime:
    """When its last half day is over."""
    return rules.ends(leave.last, do.value(NOON))


def chosen(kinds: Sequence[rules.LeaveKind], code: str) -> rules.LeaveKind:
    """The kind of a code; the form offers no other."""
    return next(kind for kind in kinds if kind.code == code)


def take(leave: Leave, do: Do, kind: rules.LeaveKind, asked: LeaveRequest | LeaveRecord) -> None:
    """Take the half days asked for: each is the person's once, and annual leave comes out of the books."""
    assert do.actor.unit_id is not None
    leave.unit_id, leave.group = do.actor.unit_id, kind.group
    leave.first_day, leave.first_half = asked.first_day, asked.first_half.value
    leave.last_day, leave.last_half = asked.last_day, asked.last_half.value
    leave.title = f"{leave.unit} {asked.first_day.isoformat()}至{asked.last_day.isoformat()}"
    wanted = _wanted(do, kind, asked.first, asked.last)
    if not any(wanted.values()):
        wrong(
            "first_day",
            _("There is no working day among these; no leave is needed."),
            do.clause(KINDS),
            _("Check the days."),
        )
    stand_ins.ask(leave, do, asked.stand_in, wanted)
    _hold(leave, do, kind, wanted, 0)


def take_more(leave: Leave, do: Do, kind: rules.LeaveKind, last: rules.Half) -> None:
    """Take the half days after those already had, up to a later last one."""
    after = [half for half in rules.halves(leave.last, last) if half > leave.last]
    if not after:
        wrong(
            "more_day",
            _("More leave ends later than the leave does now."),
            remedy=_("Choose a later last day; to come back earlier, report back."),
        )
    _hold(leave, do, kind, _wanted(do, kind, after[0], last), leave.length)


def _hold(leave: Leave, do: Do, kind: rules.LeaveKind, wanted: Mapping[rules.Half, bool], had: int) -> None:
    leave.length = had + sum(wanted.values())
    if 0 < kind.longest * 2 < leave.length:
        wrong(
            field_of(do, "last_day"),
            format_lazy(
                _("This kind of leave is at most {} days; this makes {}."),
                kind.longest,
                annual.days(leave.length),
            ),
            do.clause(KINDS),
            _("Ask for fewer days, and for the others as another kind of leave."),
        )
    leave.proof_due = kind.demands_proof(leave.length)
    days = {day for day, _half in wanted}
    own = HalfDay.objects.filter(person=leave.person, released=False, day__in=days).select_related("leave")
    for row in own.order_by("day", "half"):
        if (row.day, row.half) in wanted:
            wrong(
                field_of(do, "first_day"),
                format_lazy(_("{} is in leave {} already."), written_day(row.day), row.leave.number),
                do.clause(DAY_BEGINS),
                _("Withdraw that one first, or ask for other days."),
            )
    if leave.group == "annual":
        annual.reserve(do, leave.person, wanted)
    do.record_all(
        [
            HalfDay(
                person=leave.person,
                leave=leave,
                day=day,
                half=half,
                counted=counted,
                valid_from=day,
                valid_to=day,
            )
            for (day, half), counted in wanted.items()
        ]
    )


def _wanted(do: Do, kind: rules.LeaveKind, first: rules.Half, last: rules.Half) -> dict[rules.Half, bool]:
    if last < first:
        wrong(
            field_of(do, "last_day"),
            _("This leave would end before it begins."),
            do.clause(DAY_BEGINS),
            _("Check the first and the last day, and the halves of them."),
        )
    if kind.counted == "day":
        # Every day counts: no calendar is needed, only that the year is no slip of the pen.
        if (last[0] - first[0]).days > LONGEST_ASKED:
            wrong(
                field_of(do, "last_day"),
                _("This leave would last for more than three years."),
                do.clause(KINDS),
                _("Check the years of the first and the last day."),
            )
        return dict.fromkeys(rules.halves(first, last), True)
    workdays = do.policy.workdays
    try:
        # The last day first: a slip of the pen in the year is told before its days are counted one by one.
        workdays.is_workday(last[0])
        for year in range(first[0].year, last[0].year):
            workdays.is_workday(date(year, 12, 31))
        return rules.counting(rules.halves(first, last), kind, workdays.is_workday)
    except CalendarNotPublished as fault:
        wrong(
            field_of(do, "last_day"),
            fault.told(say),
            do.clause(KINDS),
            _("Ask the supervision office to enter that year's notice."),
        )


def counted_otherwise(leave: Leave, workdays: Workdays) -> list[HalfDay]:
    """The half days of a leave that a calendar counts otherwise than they are; none where its kind was erased."""
    try:
        code = _kind_asked_for(leave)
    except KeyDestroyed:
        return []
    kind = chosen(Policy(leave.jurisdiction_id, leave.first_day).value(KINDS), code)
    if kind.counted == "day":
        return []
    return [row for row in _held(leave) if row.counted != workdays.is_workday(row.day)]


def recount(leave: Leave, do: Do) -> None:
    """Count the half days as the calendar is known now; annual leave goes back to the books, or comes out of them."""
    changed = counted_otherwise(leave, do.policy.workdays)
    if not changed:
        return
    before = leave.length
    for row in changed:
        row.counted = not row.counted
        do.record(row)
    if leave.group == "annual":
        given = rules.by_year((row.day, row.half) for row in changed if not row.counted)
        for year, amount in given.items():
            do.release(ANNUAL, amount, str(year))
        annual.reserve(do, leave.person, {(row.day, row.half): True for row in changed if row.counted})
    leave.length = sum(row.counted for row in _held(leave) if (row.day, row.half) <= leave.last)
    words = _("The working days were announced anew: your leave {} is {} days now, not {}.")
    tell(leave, do, in_house(words, leave.number, annual.days(leave.length), annual.days(before)))


def give_back(leave: Leave, do: Do, since: rules.Half) -> None:
    """Release the half days from one on; annual leave goes back to the books."""
    rows = [row for row in _held(leave) if (row.day, row.half) >= since]
    for row in rows:
        row.released = True
        do.record(row)
    if leave.group == "annual":
        for year, amount in rules.by_year(_counted(rows)).items():
            do.release(ANNUAL, amount, str(year))


def drop_more(leave: Leave, do: Do) -> None:
    """Give back the half days asked for in addition."""
    give_back(leave, do, rules.after(leave.last))
    leave.length = sum(row.counted for row in _held(leave) if (row.day, row.half) <= leave.last)
    leave.more_day, leave.more_half = None, ""


def cut_short(leave: Leave, do: Do) -> None:
    """End the leave with the half day that has begun; those after it are given back."""
    morning, noon = do.value(DAY_BEGINS), do.value(NOON)
    rows = _held(leave)
    begun = [
        (row.day, row.half) for row in rows if rules.begins((row.day, row.half), morning, noon) <= do.now
    ]
    last = begun[-1] if begun else leave.first
    give_back(leave, do, rules.after(last))
    leave.length = sum(row.counted for row in rows if (row.day, row.half) <= last)
    leave.last_day, leave.last_half = last[0], (DayHalf.AFTERNOON if last[1] else DayHalf.MORNING).value
    leave.more_day, leave.more_half = None, ""
    stand_ins.end(leave, do, do.today - timedelta(days=1))


def settle(leave: Leave, do: Do, taken_annual: FactKind, taken_personal: FactKind) -> None:
    """Write off what was taken; of leave that the law grants no fact is left, it may tell of someone's health."""
    rows = _counted(_held(leave))
    if leave.group == "annual":
        for year, amount in rules.by_year(rows).items():
            do.commit(ANNUAL, amount, str(year))
    kind = {"annual": taken_annual, "personal": taken_personal}.get(leave.group)
    if kind is not None and rows:
        do.leave(kind, subject=leave.unit, quantity=len(rows), held_on=leave.last_day)


def lay_out(leave: Leave, do: Do, ladder: Sequence[rules.ApprovalLevel], label: Words) -> None:
    """Lay out who approves, by rank and length; where that is the applicant, or nobody, it is the next above.

    Other leave that this one goes on from, or that goes on from it, counts into its length.
    """
    cadre = cadre_of(leave.person, do.today)
    names = (cadre.rank, leave.role) if cadre and cadre.rank else (leave.role,)
    clause = do.clause(LADDER)
    more = _adjoining(leave, do)
    found = rules.rung(ladder, names, leave.length + more)
    approvers = rules.route(found.approvers, lambda office: _others(leave, do, office)) if found else []
    if not approvers:
        do.refuse(
            _("The approval rules name nobody for this leave."),
            clause,
            _(
                "Ask the organization department who decides, and have the role granted or the ladder amended."
            ),
        )
    do.steps.route(*(Stage(OFFICES[office][1], (_seat(leave, office),)) for office in approvers))
    do.note("route", [clause, *approvers])
    if more:
        do.note("adjoining", more)


def _adjoining(leave: Leave, do: Do) -> int:
    """Half days of other leave, of whatever kind, with which this one makes one absence."""
    others = HalfDay.objects.filter(person=leave.person, released=False).exclude(leave=leave.pk)
    near = (leave.first_day - REACH, (leave.more_day or leave.last_day) + REACH)
    taken = {
        (day, half): counted
        for day, half, counted in others.filter(day__range=near).values_list("day", "half", "counted")
    }
    workdays = do.policy.workdays

    def is_off(day: date) -> bool:
        return day.year in workdays.years and not workdays.is_workday(day)

    more = DayHalf(leave.more_half).number if leave.more_half else 0
    last = (leave.more_day, more) if leave.more_day else leave.last
    return rules.adjoining(leave.first, last, taken, is_off)


def _seat(leave: Leave, office: str) -> str:
    role, _label, everywhere = OFFICES[office]
    return office_key(role, leave.jurisdiction_id) if everywhere else unit_key(role, leave.unit_id)


def _others(leave: Leave, do: Do, office: str) -> Collection[int]:
    role, _label, everywhere = OFFICES[office]
    where = leave.jurisdiction_id if everywhere else leave.unit_id
    held = compiled.compiled(_holding, role, everywhere)(where, do.today)
    return {person for (person,) in held} - {leave.person_id}


def _holding(role: Role, everywhere: bool) -> QuerySet[RoleHolding, tuple[int]]:
    if everywhere:
        held = RoleHolding.objects.filter(
            standing(compiled.day_slot(1)), role=role, unit__jurisdiction_id=compiled.int_slot(0)
        )
    else:
        held = answering(role, compiled.int_slot(0), compiled.day_slot(1))
    return held.values_list("person_id")


def role_in(do: Do, person: Person) -> str:
    """The role in which someone serves in the unit of who records. Refuses who does not serve there, and oneself."""
    assert do.actor.unit_id is not None
    held = RoleHolding.objects.filter(standing(do.today), person=person, unit_id=do.actor.unit_id).order_by(
        "id"
    )
    holding = held.first()
    if holding is None or person.pk == do.actor.person_id:
        wrong(
            "person",
            _("You record leave for a colleague of your own unit, not for others and not for yourself."),
            remedy=_("For yourself, ask for leave in the system."),
        )
    return holding.role


def demand_before(do: Do, begins: datetime) -> None:
    """Refuse what has begun: leave is asked for and approved before it begins."""
    if do.now >= begins:
        told = do.refuse if not do.act.opens else partial(wrong, "first_day")
        told(
            _("Leave is asked for and approved before it begins; this would have begun already."),
            do.clause(DAY_BEGINS),
            _(
                "Ask from a later half day on. In an emergency, call: the clerk or the head of your unit records it."
            ),
        )


def demand_emergency(do: Do, urgent: bool, begins: datetime, within: Period) -> None:
    """Refuse a call that is no emergency, that is about later days, or that is recorded too late."""
    clause = do.clause(FORM_WITHIN)
    if not urgent:
        wrong(
            "urgent",
            _("By phone, leave can be asked for in an emergency only."),
            clause,
            _("If it is one, mark it so; else have it asked for in the system or on paper."),
        )
    if begins.date() > do.today or due(begins, within, do.policy.workdays) <= do.now:
        wrong(
            "first_day",
            _("A call is about leave that begins today, or began no longer ago than the form may take."),
            clause,
            _("Have it asked for in the system or on paper."),
        )


def demand_proof(leave: Leave, do: Do, seen: bool) -> None:
    """Refuse to approve what needs proof that nobody has seen; the proof itself is not kept here."""
    if leave.proof_due and not seen:
        wrong(
            "proof_seen",
            _("Leave of this kind and length needs proof."),
            do.clause(KINDS),
            _("Have it shown to you, and mark that you have seen it; no copy is kept here."),
        )


def demand_form(leave: Leave, do: Do) -> None:
    """Refuse while the form after a call is owed."""
    if leave.form_owed_by_id is not None:
        do.refuse(
            _("The form for this leave has not been handed in yet."),
            do.clause(FORM_WITHIN),
            _("Hand it in first; then report back."),
        )


def demand_settled(leave: Leave, do: Do) -> None:
    """Refuse more leave while the leave itself is being confirmed."""
    if do.steps.pending():
        do.refuse(
            _("This leave is still to be confirmed."), remedy=_("Ask for more when it is, or call again.")
        )


def kind_of(leave: Leave, do: Do) -> str:
    """The code of its kind, out of the sealed request."""
    try:
        return _kind_asked_for(leave)
    except KeyDestroyed:
        do.refuse(_("What was asked for has been erased."), remedy=_("Ask for leave anew."))


def _kind_asked_for(leave: Leave) -> str:
    return opened(SealedValue.objects.filter(entry__matter=leave.pk, name="kind").earliest("id"))


def tell(leave: Leave, do: Do, words: Words) -> None:
    """Tell the person."""
    do.notify(person_key(leave.person_id), words)


def _held(leave: Leave) -> list[HalfDay]:
    return list(HalfDay.objects.filter(leave=leave.pk, released=False).order_by("day", "half"))


def _counted(rows: Sequence[HalfDay]) -> list[rules.Half]:
    return [(row.day, row.half) for row in rows if row.counted]
