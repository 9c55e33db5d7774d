"""The rules of style that a machine can hold, over every word the project says in Chinese."""

import ast
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from django.utils.translation import gettext, override, pgettext

import qingfeng
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms, states_of
from tools.messages import join

CATALOGUE = Path(qingfeng.__file__).parent / "locale" / "zh_Hans"

MATTERS = pytest.mark.parametrize("matter", mechanisms().values(), ids=mechanisms())


@MATTERS
def test_names_of_states_hold_no_mark_that_parts_a_list(matter: type[Matter]) -> None:
    with override("zh-hans"):
        names = [str(state.label) for state in states_of(matter).values()]
    assert not [name for name in names if re.search("[，、,]", name)]


@MATTERS
def test_no_two_states_or_acts_of_a_matter_have_one_name(matter: type[Matter]) -> None:
    with override("zh-hans"):
        for named in (states_of(matter).values(), acts_of(matter).values()):
            told = Counter(str(one.label) for one in named)
            assert not [name for name, times in told.items() if times > 1]


LABELS = {"_": gettext, "pgettext_lazy": pgettext}


def test_labels_alike_in_chinese_are_one_text() -> None:
    """``typing`` keeps ``Annotated[bool, label]`` by what a label says as modules load: of two alike, one is lost."""
    texts = defaultdict[tuple[str, ...], set[tuple[str, ...]]](set)
    for path in Path(qingfeng.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Subscript) or ast.unparse(node.value) != "Annotated":
                continue
            for part in ast.walk(node.slice):
                said = LABELS.get(ast.unparse(part.func)) if isinstance(part, ast.Call) else None
                if said is not None and isinstance(part, ast.Call):
                    text = tuple(ast.literal_eval(word) for word in part.args)
                    others = [ast.unparse(one) for one in ast.iter_child_nodes(node.slice) if one is not part]
                    with override("zh-hans"):
                        texts[said(*text), *others].add(text)
    assert not [found for found in texts.values() if len(found) > 1]


def _picked(spec: InputField) -> list[InputField]:
    return [spec, *(inner for row in spec.rows for inner in _picked(row))]


@MATTERS
def test_what_is_chosen_from_has_a_plural_of_its_own(matter: type[Matter]) -> None:
    specs = [spec for act in acts_of(matter).values() for one in act.inputs.fields for spec in _picked(one)]
    with override("zh-hans"):
        plurals = {str(spec.model._meta.verbose_name_plural) for spec in specs if spec.model is not None}
    assert not [name for name in plurals if re.search("[A-Za-z]", name)]


def test_the_reader_is_addressed_politely_and_spaces_stand_before_no_figure() -> None:
    messages, _complaints = join(CATALOGUE)
    said = [str(one.string) for one in messages.values()]
    assert not [words for words in said if re.search("你(?!单位)", words)]
    assert not [words for words in said if re.search("[\u4e00-\u9fff] ?[,;?!]|%d (?=[\u4e00-\u9fff])", words)]
