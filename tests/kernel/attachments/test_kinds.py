"""What is not taken says how it becomes something that is; every kind it names is taken."""

import re

import pytest
from django.utils.translation import override

from qingfeng.kernel.attachments.kinds import BY_ENDING, WAYS_OUT, by_name
from qingfeng.kernel.refusals import Invalid


def said(name: str) -> str:
    with pytest.raises(Invalid) as refusal:
        by_name(name)
    return " ".join(str(words) for words in refusal.value.fields["file"])


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("现场.heif", ".jpg"),
        ("扫描件.tiff", ".png"),
        ("通知.rtf", ".docx"),
        ("台账.et", ".xlsx"),
        ("汇报.dps", ".pdf"),
        ("录像.3gp", ".mp4"),
        ("录音.aac", ".m4a"),
        ("材料.rar", "解压"),
    ],
)
def test_a_kind_that_is_not_taken_names_the_way_to_one_that_is(name: str, way_out: str) -> None:
    assert way_out in said(name)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_named_as_a_way_out_is_taken(language: str) -> None:
    with override(language):
        for endings, words in WAYS_OUT:
            assert endings.isdisjoint(BY_ENDING)
            assert set(re.findall(r"\.([a-z0-9]+)", str(words))) <= BY_ENDING.keys()


def test_a_film_of_a_phone_is_told_by_its_content() -> None:
    film = by_name("巡查.mov")
    assert film.begins(b"\0\0\0\x14ftypqt  " + b"\0" * 40)
    assert not film.begins(b"\0\0\0\x18ftypisom" + b"\0" * 40)
