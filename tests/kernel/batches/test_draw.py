import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingfeng.kernel.record.batches.draw import draw, frame_digest, shares

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "repeat-a-draw.md"
SEED = "00112233445566778899aabbccddeeff"
seeds = st.binary(min_size=16, max_size=32).map(bytes.hex)
frames = st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=40)
holdings = st.dictionaries(st.text(max_size=3), st.integers(0, 30), min_size=1, max_size=8)


def stranger(published: dict[str, object], folder: Path) -> list[str]:
    """Run the script of the how-to page as a stranger would: outside the project, isolated from its path."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert len(blocks) == 1
    (folder / "repeat_draw.py").write_text(blocks[0], encoding="utf-8")
    (folder / "published.json").write_text(json.dumps(published), encoding="utf-8")
    command = [sys.executable, "-I", "-X", "utf8", "repeat_draw.py", "published.json"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, check=True, encoding="utf-8"
    ).stdout.splitlines()


@pytest.mark.parametrize("size", [0, 1, 7, 23, 40])
def test_a_stranger_repeats_a_stratified_draw_by_the_page_alone(size: int, tmp_path: Path) -> None:
    strata = {f"窗口-{n:02}": ["甲镇", "乙镇", "丙镇", "丁镇"][min(n % 7, 3)] for n in range(40)}
    made = draw(list(strata), SEED, size, strata)
    lines = stranger({"seed": SEED, "size": size, "frame": [[i, s] for i, s in strata.items()]}, tmp_path)
    assert lines == [f"frame {made.frame_digest}", *made.selected]


def test_a_stranger_repeats_a_plain_draw_by_the_page_alone(tmp_path: Path) -> None:
    frame = [f"matter-{n}" for n in range(30)]
    made = draw(frame, SEED, 11)
    lines = stranger({"seed": SEED, "size": 11, "frame": [[i, ""] for i in frame]}, tmp_path)
    assert lines == [f"frame {made.frame_digest}", *made.selected]


def test_the_script_on_the_page_is_short() -> None:
    script = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[0]
    assert len(script.splitlines()) <= 13


def test_s4_r15_the_total_is_shared_equally_over_the_days_classes() -> None:
    """A class too small gives its rest to the others, and the total is kept (RULES A7)."""
    classes = {"permit": 100, "household": 100, "tax": 100}
    assert sorted(shares(30, classes, SEED).values()) == [10, 10, 10]
    assert shares(30, {**classes, "seal": 3}, SEED) == {"permit": 9, "household": 9, "tax": 9, "seal": 3}
    assert shares(10, {"a": 1, "b": 2, "c": 50}, SEED) == {"a": 1, "b": 2, "c": 7}


@given(holdings, seeds, st.data())
def test_shares_keep_the_total_and_differ_by_one_at_most_where_there_is_enough(
    held: dict[str, int], seed: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, sum(held.values())))
    given_ = shares(size, held, seed)
    assert sum(given_.values()) == size
    assert all(0 <= given_[stratum] <= held[stratum] for stratum in held)
    largest = max(given_.values())
    assert all(given_[stratum] >= min(held[stratum], largest - 1) for stratum in held)


@given(holdings, seeds, st.data())
def test_shares_are_those_of_giving_one_by_one(held: dict[str, int], seed: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, sum(held.values())))
    smaller = shares(size, held, seed)
    if size < sum(held.values()):
        larger = shares(size + 1, held, seed)
        assert sorted(larger[stratum] - smaller[stratum] for stratum in held) == [0] * (len(held) - 1) + [1]


@given(frames, seeds, st.data())
def test_a_draw_depends_on_seed_and_frame_and_not_on_the_order_given(
    frame: list[str], seed: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, len(frame)))
    made = draw(frame, seed, size)
    assert draw(frame[::-1], seed, size) == made
    assert len(set(made.selected)) == size
    assert set(made.selected) <= set(frame)
    assert made.selected == draw(frame, seed, len(frame)).selected[:size]


@given(
    st.dictionaries(st.text(min_size=1, max_size=6), st.sampled_from("abc"), max_size=40), seeds, st.data()
)
def test_each_stratum_gives_its_share(strata: dict[str, str], seed: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, len(strata)))
    made = draw(list(strata), seed, size, strata)
    counted = Counter(strata[name] for name in made.selected)
    assert {stratum: n for stratum, n in made.sizes.items() if n} == dict(counted)
    assert made.sizes == shares(size, Counter(strata.values()), seed)


def test_sizes_given_for_each_stratum_hold() -> None:
    strata = {f"{name}{n}": name for name in "abc" for n in range(5)}
    made = draw(list(strata), SEED, {"a": 4, "c": 1}, strata)
    assert made.sizes == {"a": 4, "b": 0, "c": 1}
    assert [name[0] for name in made.selected] == list("aaaac")


@settings(max_examples=20)
@given(st.sets(seeds, min_size=200, max_size=200))
def test_every_id_has_its_chance(many: set[str]) -> None:
    drawn = Counter(draw(list("abcd"), seed, 1).selected[0] for seed in many)
    assert set(drawn) == set("abcd")


def test_the_frame_digest_changes_with_any_id_or_stratum() -> None:
    digests = {
        frame_digest(["a", "b"]),
        frame_digest(["a", "c"]),
        frame_digest(["a", "b"], {"a": "x", "b": "x"}),
        frame_digest(["a", "b"], {"a": "x", "b": "y"}),
    }
    assert len(digests) == 4
    assert frame_digest(["b", "a"]) == frame_digest(["a", "b"])


@pytest.mark.parametrize(
    ("frame", "seed", "size", "strata", "words"),
    [
        (["a", "a"], SEED, 1, None, "stands twice"),
        (["a"], "00", 1, None, "at least 16 bytes"),
        (["a"], "xy" * 16, 1, None, "not hexadecimal"),
        (["a"], SEED.upper(), 1, None, "small hexadecimal"),
        (["a"], SEED, 2, None, "2 are to be drawn, but the frame holds 1"),
        (["a"], SEED, -1, None, "must not be negative"),
        (["a", "b"], SEED, 1, {"a": "x"}, "differ at 'b'"),
        (["a"], SEED, 1, {"a": "x", "b": "x"}, "differ at 'b'"),
        (["a"], SEED, {"x": 2}, {"a": "x"}, "2 are to be drawn from 'x', which holds 1"),
        (["a"], SEED, {"y": 1}, {"a": "x"}, "from 'y', which holds 0"),
    ],
)
def test_a_draw_that_cannot_be_made_is_refused(
    frame: list[str], seed: str, size: int | dict[str, int], strata: dict[str, str] | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        draw(frame, seed, size, strata)
