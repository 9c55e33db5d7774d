"""An entry erased while others ask the same party something: nothing is left that waits on nobody."""

from typing import Any

from qingfeng.kernel.acts.engine import StoredAct
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.people.outside import OutsideParty
from qingfeng.kernel.refusals import Barred, Conflict, Invalid
from tests.cast import do
from tests.kernel.concurrency.conftest import AtOnce
from tests.outside import party, with_account
from tests.toys.outside import Review

ASKING = 8


def test_of_asking_and_erasing_at_once_one_finds_the_other_done(at_once: AtOnce) -> None:
    found = party("expert", "专家甲")
    with_account(found, "expert-a")
    request = do("outside_erasure.request", "clerk_housing", party=found.pk, basis="本人申请").matter

    def attempt(number: int) -> Any:
        if number == ASKING // 2:
            return do("outside_erasure.erase", "security_administrator", request)
        return do("review.ask", "office_a", title=f"方案{number}", reviewer=found.pk)

    answers = at_once(ASKING + 1, attempt)
    erased = answers[ASKING // 2]
    assert isinstance(erased, StoredAct | Barred | Conflict), erased
    others = [answer for answer in answers if answer is not erased]
    assert all(isinstance(answer, StoredAct | Conflict | Invalid) for answer in others), others
    gone = OutsideParty.objects.get(pk=found.pk).erased_at is not None
    assert gone == isinstance(erased, StoredAct)
    assert Review.objects.filter(closed=False).exists() != gone
    assert list(verify()) == []
