"""Made-up figures for the charts."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from qingfeng.faces.charts import (
    Chart,
    Interval,
    Series,
    StateNode,
    Transition,
    WorkItem,
    bars,
    gantt,
    heat,
    intervals,
    months,
    sparkline,
    stacked,
    state_picture,
)


def spark() -> Chart:
    return sparkline(_("Open sheets by month"), [162, 158, 171, 149, 150, 144, 139, 140, 128])


def units() -> list[str]:
    return [
        _("Housing bureau"),
        _("Transport bureau"),
        _("Market bureau"),
        _("River township"),
        _("Hill township"),
    ]


def state_chart() -> Chart:
    return state_picture(
        _("How a problem sheet moves"),
        [
            StateNode("found", _("Found"), "start"),
            StateNode("assigned", _("Assigned")),
            StateNode("signed", _("Signed for")),
            StateNode("planned", _("Planned")),
            StateNode("reported", _("Reported"), here=True),
            StateNode("done", _("Closed out"), "end"),
            StateNode("moved", _("Handed over"), "void"),
        ],
        [
            Transition("found", "assigned", _("Assign")),
            Transition("found", "moved", _("Hand over")),
            Transition("assigned", "signed", _("Sign for")),
            Transition("assigned", "found", _("Decline")),
            Transition("signed", "planned", _("Plan")),
            Transition("planned", "planned", _("Urge")),
            Transition("planned", "reported", _("Report back")),
            Transition("reported", "planned", _("Send back")),
            Transition("reported", "done", _("Close out")),
            Transition("done", "assigned", _("Reopen")),
        ],
        heads=(_("From state"), _("By act"), _("To state")),
    )


def all_charts() -> dict[str, object]:
    twelve = [_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun")]
    twelve += [_("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec")]
    late, on_time, near = _("late"), _("on time"), _("at risk")
    topics = [_("Meetings"), _("Papers"), _("Counters"), _("Vehicles"), _("Projects"), _("Study")]
    return {
        "chart_bars": bars(
            _("Sheets closed out by unit"),
            units(),
            [
                Series(_("This year"), (64, 41, 38, 22, 7)),
                Series(_("Last year"), (52, 47, 30, 25, None), "quiet"),
            ],
            head=_("Unit"),
        ),
        "chart_bar": bars(
            _("Days until a sheet is signed for"),
            units(),
            [Series(_("Days"), (2, 1, 6, 3, 0))],
            head=_("Unit"),
            unit=_(" days"),
            marked=(2,),
        ),
        "chart_stacked": stacked(
            _("Open sheets by light"),
            units(),
            [
                Series(on_time, (18, 12, 9, 14, 3), "accent"),
                Series(near, (4, 2, 5, 0, 1), "near"),
                Series(late, (2, 0, 3, 1, 0), "late"),
            ],
            head=_("Unit"),
            total=_("All"),
        ),
        "chart_months": months(
            _("Problems found, month by month"),
            twelve,
            [Series("2026", (31, 22, 40, 52, 47, 61, 58, 44, 39, 33, 21, None))],
            before=[Series("2025", (45, 40, 52, 60, 66, 71, 70, 64, 52, 50, 41, 38))],
            head=_("Month"),
            unit=_("sheets"),
        ),
        "chart_heat": heat(
            _("How often each topic was looked at"),
            units(),
            topics,
            [
                [4, 1, 9, 0, 2, None],
                [0, 2, 7, 12, 1, 0],
                [1, 0, 15, 2, 0, 1],
                [3, 3, 2, 1, 0, 0],
                [0, 0, 0, 0, 5, 0],
            ],
            head=_("Unit"),
            desc=_("Empty frames: nobody looked. A dash: does not apply."),
        ),
        "chart_gantt": gantt(
            _("Operation chart of a goal"),
            [
                WorkItem(_("One-stop service hall"), date(2026, 1, 12), date(2026, 12, 18), "near", near, 62),
                WorkItem(
                    _("Site and permits"), date(2026, 1, 12), date(2026, 4, 10), "done", _("done"), 100, 1
                ),
                WorkItem(
                    _("Building works"),
                    date(2026, 4, 1),
                    date(2026, 9, 30),
                    "late",
                    late,
                    78,
                    1,
                    ((date(2026, 7, 1), _("Roof closed")),),
                ),
                WorkItem(_("Systems joined"), date(2026, 8, 15), date(2026, 11, 30), "near", near, 35, 1),
                WorkItem(_("Opening day"), date(2026, 12, 1), date(2026, 12, 18), "on_time", on_time, 0, 1),
            ],
            today=date(2026, 11, 22),
            today_words=_("today"),
            month_words=_("{month}/{year}"),
            heads=(_("Item"), _("Start"), _("End"), _("Progress"), _("How it stands")),
        ),
        "chart_dots": intervals(
            _("Satisfaction with the counters"),
            [
                Interval(_("Hill township"), 9420, 9210, 9610, "1–2"),
                Interval(_("Transport bureau"), 9310, 9120, 9480, "1–3"),
                Interval(_("Housing bureau"), 9140, 8980, 9290, "2–3"),
                Interval(_("Market bureau"), 8650, 8390, 8900, "4"),
                Interval(_("River township"), 9900, 9000, 10000, "", counted=False),
            ],
            heads=(_("Unit"), _("Rank"), _("Result"), _("Lower bound"), _("Upper bound")),
            too_few=_("too few answers to rank"),
            desc=_("Dot: the result. Line: where it may truly lie, 95 %."),
        ),
        "chart_states": state_chart(),
    }
