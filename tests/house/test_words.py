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

ROOT = Path(__file__).parents[2]
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


ELSEWHERE = {
    "一件": "a counting word, of papers and clues",
    "交": "part of 提交, 交接",
    "任务": "主要任务 of a body",
    "件": "a counting word, and part of 文件, 条件, 邮件",
    "任职": "of a person in a unit",
    "事实": "in the sense of the law",
    "分钟": "of time",
    "动作": "part of 自动作出",
    "参数": "of a command line",
    "同意": "of a person asked, and of a leader who lets something begin",
    "完成": "of putting right, and of long work",
    "层次": "岗位层次, of a post",
    "岗位": "机构与岗位, of a post as such",
    "已反馈": "of findings and clues",
    "授予": "of rights for a time",
    "文号": "of a paper that others issued",
    "操作": "of whoever runs the machine",
    "效能办": "in the name of a made-up unit",
    "机制": "跟踪问效机制, a thing looked at",
    "机构": "of organs, and 机构改革",
    "未通过": "of checks by the machine",
    "留存": "of evidence and of what was typed",
    "移交": "of what somebody who leaves hands over",
    "类别": "of leave, meetings, problems and posts",
    "规则": "of the system's own workings",
    "身份": "of who is signed in",
    "验证": "二次验证, and the programs that verify",
}
"""Words that stand for one thing and not for another, where a machine can't tell which is meant; with what they may."""


def test_no_word_that_the_glossary_sets_aside_is_said() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| .+? \| (.*?) ?\|$", glossary, re.M)[2:]
    bare = [[re.sub(r"[（(].*?[)）]|[a-z ]+$", "", cell) for cell in row] for row in rows]
    right = {word.strip() for said, _not in bare for word in re.split("[/；、]", said)} - {""}
    aside = {word for _said, words in bare for word in words.split("、")} - {""} - right
    assert set(ELSEWHERE) <= aside
    messages, _complaints = join(CATALOGUE)
    longest = "|".join(sorted(right, key=len, reverse=True))
    texts = [re.sub(longest, "", str(one.string)) for one in messages.values()]
    assert not {(word, text) for word in aside - set(ELSEWHERE) for text in texts if word in text}
