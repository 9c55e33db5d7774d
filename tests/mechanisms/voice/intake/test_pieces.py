"""Duplicates are looked for a piece at a time, by one worker, and gone on with by another where that one stopped."""

from datetime import timedelta

import pytest

from qingfeng.mechanisms.voice.intake import duplicates, import_jobs
from qingfeng.mechanisms.voice.intake.models import Batch, Sorting, Twin
from tests.cast import NOW, do
from tests.faces.console.staff import browser, text
from tests.messages import ROWS, batch, csv_of, gone_on, received

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of two messages; nothing is left in memory of a test before."""
    monkeypatch.setattr(duplicates, "COMPARED", 2)
    monkeypatch.setattr(duplicates, "TAKEN", 3)
    duplicates._begun.cache_clear()


def taken_in(content: bytes | None = None, name: str = "来件.csv") -> Batch:
    """A batch whose rows are all taken in, and nothing of it compared."""
    matter = received(content, name)
    do("intake.take_in", "clerk_housing", matter)
    while Batch.objects.get(pk=matter.pk).state == "taking_in":
        assert import_jobs.go_on(NOW)
    Sorting.objects.update(claimed_until=None)
    return Batch.objects.get(pk=matter.pk)


def another_worker(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Go on as another process: with a name and a memory of its own."""
    monkeypatch.setattr(import_jobs, "OURSELVES", name)
    duplicates._begun.cache_clear()


def far(matter: Batch) -> tuple[int, int, bool]:
    sorting = Sorting.objects.get(batch=matter)
    return sorting.looked_at, sorting.to_look_at, sorting.compared


def twins(matter: Batch) -> dict[int, tuple[int, int, bool]]:
    found = Twin.objects.filter(message__batch=matter).select_related("message", "other")
    return {one.message.row: (one.other.pk, one.likeness, one.same_number) for one in found}


def test_a_batch_is_compared_some_messages_at_a_time_and_says_how_far_it_is() -> None:
    matter = taken_in()
    steps = []
    while not (steps and steps[-1][2]):
        assert import_jobs.go_on(NOW) == 1
        steps.append(far(matter))
    assert steps == [(2, 5, False), (4, 5, False), (5, 5, False), (5, 5, True)]
    assert set(twins(matter)) == {4, 5}


def test_earlier_messages_are_taken_in_in_pieces_of_their_own() -> None:
    batch()
    later = taken_in(csv_of(ROWS[:1]), "第二份.csv")
    steps = []
    while not (steps and steps[-1][2]):
        import_jobs.go_on(NOW)
        steps.append(far(later))
    assert steps == [(3, 6, False), (5, 6, False), (6, 6, False), (6, 6, True)]
    assert list(twins(later)) == [2]


def test_two_workers_never_have_one_batch_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    matter = taken_in()
    another_worker(monkeypatch, "first")
    import_jobs.go_on(NOW)
    another_worker(monkeypatch, "second")
    assert import_jobs.go_on(NOW + timedelta(minutes=1)) == 0
    assert far(matter)[0] == 2


def test_two_workers_have_two_batches_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = taken_in(), taken_in(csv_of(ROWS[:3]), "第二份.csv")
    another_worker(monkeypatch, "first")
    import_jobs.go_on(NOW)
    another_worker(monkeypatch, "second")
    assert import_jobs.go_on(NOW) == 1
    assert set(Sorting.objects.values_list("batch", "claim")) == {(one.pk, "first"), (other.pk, "second")}


def test_taking_in_is_one_worker_s_too(monkeypatch: pytest.MonkeyPatch) -> None:
    matter = received()
    do("intake.take_in", "clerk_housing", matter)
    Sorting.objects.create(batch=matter, claim="first", claimed_until=NOW + import_jobs.CLAIM)
    assert import_jobs.go_on(NOW) == 0
    assert import_jobs.go_on(NOW + import_jobs.CLAIM + timedelta(seconds=1)) == 1


def test_what_one_worker_left_another_finishes_to_the_same_end(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = twins(gone_on(taken_in()))
    Twin.objects.all().delete()
    Sorting.objects.update(compared=False, done=False, compared_to=0, looked_at=0)
    matter = Batch.objects.get()
    another_worker(monkeypatch, "first")
    import_jobs.go_on(NOW)
    another_worker(monkeypatch, "second")
    later = NOW + import_jobs.CLAIM + timedelta(seconds=1)
    gone_on(matter, later)
    assert twins(matter) == whole
    assert Sorting.objects.get().compared


def test_a_piece_that_broke_off_is_done_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = twins(gone_on(taken_in()))
    Twin.objects.all().delete()
    Sorting.objects.update(compared=False, done=False, compared_to=0, looked_at=0)
    said, broken = duplicates._words, [OSError("the disk is full")]

    def failing(messages: list[int]) -> object:
        if broken:
            raise broken.pop()
        return said(messages)

    monkeypatch.setattr(duplicates, "_words", failing)
    assert import_jobs.go_on(NOW) == 0
    matter = gone_on(Batch.objects.get(), NOW + timedelta(minutes=2))
    assert twins(matter) == whole


def test_the_page_says_how_many_messages_are_compared() -> None:
    matter = taken_in()
    import_jobs.go_on(NOW)
    page = browser("clerk_housing").get(f"/intake/{matter.pk}/page/messages/")
    assert "2 of 5 messages are compared." in text(page)
