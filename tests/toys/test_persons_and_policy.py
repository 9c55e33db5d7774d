"""A merged unit whose matters follow, a person erased with the chain whole, policy replayed."""

from datetime import date, timedelta

import pytest

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.background.outbox import Message, deliver
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.people.actors import unit_key
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.reading.reads import timeline
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, box, opened
from tests.cast import NOW, actor, do, jurisdiction, person, unit
from tests.toys.models import CAP, Spending, Trip

pytestmark = pytest.mark.django_db


def test_open_matters_of_a_merged_unit_follow_to_its_successor_and_closed_ones_stay() -> None:
    open_one = do("spending.reserve", "clerk_housing", amount=10).matter
    closed_one = do("spending.reserve", "clerk_housing", amount=20).matter
    do("spending.give_back", "clerk_housing", closed_one)
    trip = do("trip.ask", "clerk_housing", title="对接", beside=unit("education").pk).matter
    prepared = do(
        "reorganization.prepare",
        "department_a",
        predecessor=unit("housing").pk,
        successor=unit("township").pk,
        on="2026-03-10",
    ).matter
    do("reorganization.carry_out", "department_b", prepared)
    township = unit("township")
    assert Spending.objects.get(pk=open_one.pk).unit == township
    assert Spending.objects.get(pk=closed_one.pk).unit == unit("housing")
    assert Trip.objects.get(pk=trip.pk).unit == township
    assert Access.objects.filter(matter=open_one.pk, holder=unit_key("unit_clerk", township.pk)).exists()
    do("spending.give_back", "clerk_township", open_one)
    assert list(verify()) == []


def test_an_erased_person_is_gone_everywhere_and_the_chain_is_whole() -> None:
    matter = do("spending.reserve", "clerk_housing", amount=10).matter
    someone = person("cadre")
    name = someone.name
    sealed = box("phone", "13800000000", f"person:{someone.pk}", "spending", "3_years")
    requested = do(
        "erasure.request", "security_administrator", person=someone.pk, basis="个人信息保护法第四十七条"
    ).matter
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("erasure.erase", "security_administrator", requested)
    do("erasure.erase", "security_administrator_b", requested)
    (event,) = Message.objects.filter(channel="event", sent_at=None)
    assert deliver(event, NOW)
    assert deliver(event, NOW)
    with pytest.raises(KeyDestroyed):
        opened(sealed)
    assert Person.objects.get(pk=someone.pk).name == ""
    assert not any(name in entry.body for entry in Entry.objects.all())
    seal_all(NOW, signer())
    assert list(verify()) == []
    assert matter.pk


def test_what_was_sealed_reads_erased_on_the_timeline_once_its_key_is_gone() -> None:
    from qingfeng.kernel.sealing.models import keystore

    done = do("trip.ask", "clerk_housing", title="对接工作", beside=unit("education").pk)
    value = SealedValue.objects.get(entry=done.entry, name="title")
    assert opened(value) == "对接工作"
    acting = actor("clerk_housing")
    shown = {str(said.label): said.text for said in timeline(acting, "trip", done.matter.pk)[0].said}
    assert shown["标题"] == "对接工作"
    store = keystore()
    subject = f"records-test:{done.matter.pk}"
    doomed = box("title", "对接工作", subject, "trip", "10_years")
    store.destroy(subject, NOW.isoformat())
    with pytest.raises(KeyDestroyed):
        opened(doomed)


def test_a_value_changed_by_activation_holds_from_then_and_the_old_view_is_had_again() -> None:
    from tests.toys import conftest as own

    text = (own.Path(own.__file__).parent / "regime.yaml").read_text(encoding="utf-8")
    county = jurisdiction().pk
    on = date(2026, 3, 10)
    later = NOW + timedelta(hours=1)
    assert Policy(county, on).value(CAP) == 5_000_000
    proposed = do("regime.propose", "office_a", text=text.replace("5000000", "3000000")).matter
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("regime.activate", "office_a", proposed)
    do("regime.activate", "office_b", proposed, at=later)
    assert Policy(county, on).value(CAP) == 3_000_000
    assert Policy(county, on, known_at=NOW).value(CAP) == 5_000_000
    with pytest.raises(Barred, match="接待经费"):
        do("spending.reserve", "clerk_housing", at=later, amount=3_000_001)
    entry = do("spending.reserve", "clerk_housing", at=later, amount=3_000_000).entry
    assert [line[:3] for line in entry.content["policy"]] == [["spending.cap", 3_000_000, "toys"]]


def test_before_its_first_date_a_value_is_refused_not_guessed() -> None:
    with pytest.raises(Barred, match="本地现行制度未规定"):
        Policy(jurisdiction().pk, date(2025, 12, 31)).value(CAP)
