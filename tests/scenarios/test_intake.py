"""Scenarios of messages taken in and handed out, written so that a clerk can read them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.mechanisms.problems.rectification.models import Problem
from qingfeng.mechanisms.voice.intake.models import Batch
from tests.cast import do
from tests.messages import batch, csv_of, gone_on, received

Case = Mapping[str, Any]
HERE = Path(__file__).parent / "intake"
pytestmark = pytest.mark.django_db


def cases() -> list[Any]:
    said = yaml.safe_load((HERE / "s2_messages.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=f"{case['id']} {case['name']}") for case in said]


def step(matter: Batch, said: Case) -> None:
    raw = dict(said.get("with", {}))
    if "of_row" in said:
        raw["of"] = matter.messages.get(row=said["of_row"]).pk
    if "refused" in said:
        with pytest.raises(Barred, match="本批次还有来件没有分办"):
            do(f"intake.{said['does']}", said["who"], matter, **raw)
    elif "mended" in said:
        with pytest.raises(Invalid) as refusal:
            do(f"intake.{said['does']}", said["who"], matter, **raw)
        assert set(refusal.value.fields) == {said["mended"]}
    else:
        do(f"intake.{said['does']}", said["who"], matter, **raw)


@pytest.mark.parametrize("case", cases())
def test_messages(case: Case) -> None:
    content = csv_of(case["file"]["rows"], case["file"]["heads"])
    if "refused" in case:
        matter = received(content)
        with pytest.raises(Barred, match="文件中没有可识别的表头"):
            do("intake.take_in", "clerk_housing", matter)
        columns = [
            {"head": head, "holds": holds} for head, holds in zip(matter.heads, ("text",), strict=False)
        ]
        do("intake.set_columns", "clerk_housing", matter, columns=columns)
        do("intake.take_in", "clerk_housing", matter)
        assert gone_on(matter).read == matter.rows
        return
    matter = batch(content)
    found = case["taken_in"]
    assert matter.read == found["read"]
    assert {one.row: [why for _column, why in one.faults] for one in matter.unread_rows.all()} == found[
        "unread"
    ]
    marks = matter.messages.exclude(marks=None)
    assert {one.row: [why for _column, why, _stood in one.marks] for one in marks} == found.get("marked", {})
    twins = matter.messages.exclude(twin=None).select_related("twin__other")
    assert {one.row: one.twin.other.row for one in twins} == found["repeats"]
    for said in case["when"]:
        step(matter, said)
    then = case["then"]
    assert Batch.objects.get(pk=matter.pk).state == then["state"]
    assert list(Problem.objects.order_by("pk").values_list("title", flat=True)) == then["sheets"]
    assert dict(matter.messages.values_list("row", "outcome")) == then["outcomes"]
