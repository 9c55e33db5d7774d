"""A draw that a stranger repeats from the entry alone."""

import hashlib
import json

import pytest

from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.record.batches.draw import draw
from tests.cast import do

pytestmark = pytest.mark.django_db
SEED = "5e" * 16


def test_the_entry_alone_is_enough_to_draw_again() -> None:
    entry = do("spot_check.draw", "office_a", seed=SEED).entry
    noted = json.loads(entry.body)["notes"]["draw"]
    again = draw(noted["frame"], seed=noted["seed"], size=3)
    assert list(again.selected) == noted["selected"]
    assert again.frame_digest == noted["digest"]
    assert list(verify()) == []


def test_a_stranger_draws_the_same_with_sm3_alone() -> None:
    entry = do("spot_check.draw", "office_a", seed=SEED).entry
    noted = json.loads(entry.body)["notes"]["draw"]
    keyed = sorted(
        noted["frame"], key=lambda code: hashlib.new("sm3", bytes.fromhex(SEED) + code.encode()).digest()
    )
    assert keyed[:3] == noted["selected"]
