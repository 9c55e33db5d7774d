"""Days in sentences."""

from datetime import date

import pytest
from django.utils.text import format_lazy
from django.utils.translation import override

from qingfeng.kernel.text.words import in_house, written_day


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "2031年2月3日"), ("en", "Feb. 3, 2031")])
def test_a_day_in_a_sentence_is_written_in_the_language_of_whoever_reads_it(language: str, said: str) -> None:
    words = format_lazy("{}", written_day(date(2031, 2, 3)))
    with override(language):
        assert str(words) == said
        assert in_house(words) == "2031年2月3日"
