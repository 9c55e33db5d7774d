"""A toy is renamed: what an earlier release left under the old names is read by the version that has new ones."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qingfeng.kernel import former_codes
from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.former_codes import renamed
from qingfeng.kernel.guards import Did, Question
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.models import Checkpoint
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.registry import find_act
from qingfeng.kernel.papers.issuing import in_force, rendition, revised
from qingfeng.kernel.papers.models import LANGUAGE, Paper
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.statistics import Reading
from qingfeng.kernel.record import export
from qingfeng.kernel.record.facts import Fact, FactKind
from qingfeng.kernel.regime.document import BadDocument, load, standing
from qingfeng.kernel.regime.parameters import Count, Parameter
from qingfeng.kernel.regime.policy import PARAMETERS, Policy, unread
from qingfeng.kernel.regime.registry import Registry
from qingfeng.kernel.regime.stack import Stack, ValueInForce
from qingfeng.kernel.time.periods import day_of
from tests.cast import account, do, unit
from tests.toys.duty import models
from tests.toys.duty.models import SHEETS_DRAWN, Sheet
from tests.toys.duty.place import NOW, Place, found, put_in_force

OLD_FACT = FactKind("toys.slips_written", "已写便条")


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test renames is renamed."""
    monkeypatch.setattr(former_codes, "_NOW", {})


@pytest.fixture
def place(db: None, tmp_path: Path, settings: Any) -> Place:
    settings.MEDIA_ROOT = tmp_path / "kept"
    return found()


@pytest.fixture
def left(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A sheet as the earlier release left it: the act, and the fact of it, were called otherwise."""
    sheet = place.sheet()
    place.do(place.first, "word", on=sheet, wording="<p>{{ unit }}：{{ reason }}</p>")
    with monkeypatch.context() as earlier:
        earlier.setattr(models, "SHEETS_DRAWN", OLD_FACT)
        written = replace(find_act(Sheet, "draw_up"), name="write_slip")
        perform(written, place.first, {"reason": "夜间巡查"}, NOW, matter_id=sheet)
    yield sheet
    assert [str(fault) for fault in verify()] == []


def test_an_old_entry_has_the_words_of_the_act_it_is_now(place: Place, left: int) -> None:
    def line() -> Any:
        return reads.timeline(place.first, "toys_sheet", left)[0]

    assert (line().act, line().label) == (None, "write_slip")
    renamed("acts", "toys_sheet.write_slip", "toys_sheet.draw_up")
    assert (line().label, [one.text for one in line().said]) == ("拟文", ["夜间巡查"])


def test_whoever_did_an_act_under_its_old_name_did_it(place: Place, left: int) -> None:
    def did(actor: Any) -> tuple[bool, bool]:
        guard = Did("draw_up").bound(Sheet)
        asked = Question(actor, Sheet.objects.get(pk=left), NOW)
        return bool(guard.decide(asked)), Sheet.objects.filter(guard.condition(actor)).exists()

    assert did(place.first) == (False, False)
    renamed("acts", "toys_sheet.write_slip", "toys_sheet.draw_up")
    assert (did(place.first), did(place.second)) == ((True, True), (False, False))


def test_an_act_that_was_owed_under_its_old_name_still_waits_in_the_inbox(db: None, client: Client) -> None:
    trip = do("trip.ask", "clerk_housing", title="赴省厅对接", beside=unit("education").pk).matter
    Access.objects.filter(matter_id=trip.pk, act="decide").update(act="agree")
    client.force_login(account("head_housing"), backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("console:act", args=["trip", trip.pk, "decide"])
    assert address not in client.get("/inbox/").content.decode()
    renamed("acts", "trip.agree", "trip.decide")
    assert address in client.get("/inbox/").content.decode()
    assert client.get(address).status_code == 200


def test_a_fact_counts_under_the_name_it_has_now(place: Place, left: int) -> None:
    def counted() -> list[tuple[Any, ...]]:
        everything = Reading(Sheet.objects.all(), place.first, day_of(NOW), NOW.year)
        return everything.by_unit(SHEETS_DRAWN)

    place.do(place.first, "draw_up", on=left, reason="又一件")
    before = counted()
    renamed("facts", OLD_FACT.name, SHEETS_DRAWN.name)
    assert [before[0][1], counted()[0][1]] == [1, 2]
    assert set(Fact.objects.values_list("name", flat=True)) >= {OLD_FACT.name, SHEETS_DRAWN.name}


def test_a_wording_in_force_under_its_old_code_is_drawn_up_and_revised(place: Place, left: int) -> None:
    paper = Paper.objects.get(matter=left)
    renamed("papers", "toys.slip", "toys.errand")
    template = in_force(place.jurisdiction, "toys.errand", LANGUAGE, day_of(NOW))
    assert template == paper.template
    assert "夜间巡查" in rendition(paper).decode()
    later = revised(place.jurisdiction, "toys.errand", "便条", "<p>{{ reason }}</p>", day_of(NOW))
    assert (later.code, later.version) == ("toys.errand", template.version + 1)


def test_a_regime_in_force_says_a_parameter_under_its_old_name(place: Place) -> None:
    size = PARAMETERS.get("spot_check.size")
    assert size is not None
    renamed("parameters", "spot_check.many", "spot_check.size")
    put_in_force(place, "spot_check.many: (2026-01-01) 9")
    policy = Policy(place.jurisdiction.pk, day_of(NOW))
    assert 9 in [found.value for found in policy.levels(size)]
    assert [names for held, names in unread(day_of(NOW)) if held.jurisdiction == place.jurisdiction] == []


def numbers(*written: str) -> bytes:
    source = "source: {title: 演练制度, clause: 第一条}, verified: false"
    values = "".join(f"  {name}:\n  - {{from: 2026-01-01, value: 4, {source}}}\n" for name in written)
    head = "regime: toys\ntitle: 演练\ntitle_en: Toys\njurisdiction: defaults\nplace: 松溪县\nenables: []\n"
    return f"{head}values:\n{values}".encode()


def test_what_is_stated_under_two_names_of_one_parameter_is_refused() -> None:
    registry = Registry(Parameter("toys.rounds", "轮数", Count("rounds"), "每年几轮。"))
    renamed("parameters", "toys.turns_a_year", "toys.rounds")
    assert list(load(numbers("toys.turns_a_year"), "toys.yaml", registry).values) == ["toys.rounds"]
    with pytest.raises(BadDocument, match="two names"):
        load(numbers("toys.turns_a_year", "toys.rounds"), "toys.yaml", registry)
    left = standing(numbers("toys.rounds", "toys.turns_a_year").decode(), "toys", b"", registry)
    assert left.unread == ("toys.turns_a_year",)


def test_a_number_confirmed_under_the_old_name_of_its_parameter_is_confirmed() -> None:
    parameter = Parameter("toys.rounds", "轮数", Count("rounds"), "每年几轮。")
    former = Parameter("toys.turns_a_year", "轮数", Count("rounds"), "每年几轮。")

    def valued(of: Parameter) -> ValueInForce:
        document = load(numbers(of.name), "toys.yaml", Registry(of))
        return Stack([document]).value(of, day_of(NOW))

    confirmed = valued(former).fingerprint
    assert confirmed not in valued(parameter).fingerprints
    renamed("parameters", former.name, parameter.name)
    assert confirmed in valued(parameter).fingerprints


def test_a_fact_leaves_for_assessment_under_the_name_it_has_now(place: Place, left: int) -> None:
    seal_all(NOW, signer())
    renamed("facts", OLD_FACT.name, SHEETS_DRAWN.name)
    rows = [row for head in Checkpoint.objects.all() for row in export._rows(place.jurisdiction.code, head)]
    assert SHEETS_DRAWN.name in {row[2] for row in rows}
    assert OLD_FACT.name not in {row[2] for row in rows}


def test_names_go_on_from_one_to_the_next_and_never_in_a_circle() -> None:
    renamed("facts", "toys.first", "toys.second")
    renamed("facts", "toys.second", "toys.third")
    assert former_codes.current("facts", "toys.first") == "toys.third"
    assert former_codes.names("facts", "toys.third") == ("toys.third", "toys.first", "toys.second")
    for former, now in (("toys.third", "toys.first"), ("toys.first", "toys.other"), ("toys.x", "toys.x")):
        with pytest.raises(ValueError, match="renamed already"):
            renamed("facts", former, now)
    with pytest.raises(ValueError, match="another matter"):
        renamed("acts", "toys_sheet.write", "trip.write")
    with pytest.raises(ValueError, match="not renamed"):
        renamed("states", "toys_sheet.begun", "toys_sheet.started")  # type: ignore[arg-type]
