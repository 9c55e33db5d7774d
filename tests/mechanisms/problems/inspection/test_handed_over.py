"""What an inspection found is not told by its own sheet once the problem's words went to the discipline organ."""

import pytest

from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.reading import reads
from qingfeng.mechanisms.problems.inspection.models import Visit
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests.cast import NOW, TODAY, act, actor, do
from tests.faces.console.staff import browser
from tests.mechanisms.problems.inspection.rounds import begun, fed_back, found, seen

pytestmark = pytest.mark.django_db

ACCUSING, HARMLESS = "收受渡口过路费", "窗口无人值守"


def handed_over(manner: str) -> Visit:
    """A visit of two findings, one of which was handed over; covert, the sheets came with the conclusion."""
    visit = seen(begun(manner=manner)["housing"])
    for title in (ACCUSING, HARMLESS):
        found(visit, title, found=f"当场看到{title}。")
    fed_back(visit)
    sheet = Problem.objects.get(title=ACCUSING)
    do("rectification.verify", "office_a", sheet, finding="属实。")
    do("rectification.transfer", "office_a", sheet)
    return Visit.objects.get(pk=visit.pk)


def told(who: str, visit: Visit) -> str:
    """All that somebody reads on the sheet of a visit: its history and its findings, on the page, as rows, as a choice."""
    lines = reads.timeline(actor(who), "inspection_visits", visit.pk)
    page = reads.page(actor(who), "inspection_visits", visit.pk, "findings", NOW).context["tables"]
    rows = reads.rows(actor(who), "inspection_visits", visit.pk, "findings").rows
    (chosen,) = act("inspection_visits.decide").inputs.fields[-1].rows
    choices = ActorScope(actor(who), visit.jurisdiction_id, TODAY, matter=visit).rows(chosen)
    shown = [page, [(row.values, row.words) for row in rows], choices]
    assert len({ACCUSING in str(one) for one in shown}) == 1, shown
    return f"{[said for line in lines for said in line.said]} {shown}"


@pytest.mark.parametrize("manner", ["open", "covert"])
def test_who_reads_the_sheet_without_its_words_does_not_find_them_on_the_visit(manner: str) -> None:
    visit = handed_over(manner)
    assert ACCUSING not in told("office_b", visit)
    assert HARMLESS in told("office_b", visit)
    shown = browser("office_b").get(f"/inspection_visits/{visit.pk}/page/findings/").content.decode()
    assert ACCUSING not in shown
    assert ACCUSING not in browser("office_b").get(f"/inspection_visits/{visit.pk}/").content.decode()


@pytest.mark.parametrize("who", ["office_a", "head_housing", "clerk_township"])
def test_who_reads_the_words_or_does_not_know_the_sheet_reads_on_as_before(who: str) -> None:
    """The unit was told, the team found it: a blank would warn them. Who handed it over reads the words there."""
    assert ACCUSING in told(who, handed_over("open"))


def test_a_sheet_that_is_taken_up_again_brings_them_back() -> None:
    visit = handed_over("covert")
    sheet = Problem.objects.get(state="transferred")
    transfer = sheet.words_with()
    assert transfer is not None
    do("transfers.drop", "office_a", transfer, reason="线索已由上级受理。")
    do("rectification.take_up", "office_a", sheet, reason="继续整改。")
    assert ACCUSING in told("office_b", visit)
