"""What the vocabulary of the kernel says once is not written out by hand anywhere else."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import qingfeng

ROOT = Path(qingfeng.__file__).parent
KERNEL = "kernel"

BY_HAND = {
    "PARAMETERS.add": ("parameter(…)", {"kernel/regime/policy.py"}),
    "arbitrary_types_allowed": ("Input", {"kernel/acts/inputs.py"}),
    "Prose(500), _('Reason')": ("Reason", {"kernel/acts/inputs.py"}),
    ", time(), ZONE)": ("begin_of(day)", {"kernel/time/periods.py"}),
    "assert do.actor.": ("do.unit, do.person", set[str]()),
    "do.actor.unit_id or 0": ("do.unit", set[str]()),
    "override(settings.LANGUAGE_CODE)": ("in_house(…), do.notify(…)", {KERNEL}),
    "told.perform(": ("Story", {"kernel/demonstration.py"}),
}
"""Code as it was written by hand: the word there is for it, and where the word itself is made."""


@cache
def _code() -> dict[str, str]:
    """Each module as plain code: without comments, on one line a statement."""
    return {
        path.relative_to(ROOT).as_posix(): ast.unparse(ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(ROOT.rglob("*.py"))
        if "migrations" not in path.parts
    }


@pytest.mark.parametrize("written", BY_HAND)
def test_nothing_is_written_by_hand_that_there_is_a_word_for(written: str) -> None:
    word, made = BY_HAND[written]
    found = [where for where, code in _code().items() if written in code]
    wrong = [where for where in found if not any(Path(where).is_relative_to(one) for one in made)]
    assert not wrong, f"write {word} in {', '.join(wrong)}"
    assert found or not made, "the word itself is made elsewhere now"


NOT_SAID = {
    "work style": "conduct 作风",
    "mutual evaluation": "reciprocal evaluation 双向评议",
    "public opinion survey": "opinion visit 民意访评",
    "interview rating": "opinion visit 访评",
    "bound assessment": "linked assessment 捆绑考核",
    "bottom elimination": "bottom-rank ladder 末位淘汰",
    "acting at demoted post": "acting one rank down 降职代理",
    "acting in original post": "acting in own post 原职代理",
    "deeds record": "initiative record 干事档案",
    "tolerance of error": "error tolerance 容错",
    "initiative protection": "protection of those who dare 担当保护",
    "protection clause": "protection of those who dare 担当保护",
    "formal interview": "accountability talk 约谈",
    "two way interview": "two-way talk 双向约谈",
    "warning interview": "warning talk 警示约谈",
    "developmental interview": "feedback talk 情感约谈",
    "interview memo": "memorandum 约谈备忘录",
    "three excellence contests": "three top-tens 三个争创",
    "vehicle management centre": "vehicle centre 车管中心",
    "public resource transaction": "public-resource trading 公共资源交易",
    "ceiling price": "control price 控制价",
    "bell warning": "a bell rings 摇铃",
    "leave and return": "leave 请销假",
    "four disclosures": "four publics 四公开",
    "pairing aid": "one-to-one help 结对帮扶",
    "peoples diary": "diary 民情日记",
    "research days": "days at the grassroots 调研天数",
    "five no decisions": "five no-decide gates 五个不决策",
    "four do roadmap": "operation chart 四个干运行图",
    "joint consultation": "joint conference 联席会商",
    "problem clue": "clue 问题线索",
    "supervising leader": "leader in charge 分管领导",
    "government and sector conduct": "conduct of government 政行风",
    "written self criticism": "written self-examination 书面检查",
    "circulated criticism": "circular of typical cases 通报",
    "rule pack": "regime 规则包",
}
"""Words that aren't the domain's, though a glossary has them, and those that are."""


@cache
def _said() -> str:
    """All that source, translations, templates and regimes say, on one line, words apart."""
    kinds = {".py", ".po", ".html", ".yaml", ".js"}
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.rglob("*")) if path.suffix in kinds]
    return " ".join("\n".join(texts).casefold().replace("_", " ").replace("-", " ").split())


@pytest.mark.parametrize("word", NOT_SAID)
def test_a_thing_is_called_by_the_domain_s_word(word: str) -> None:
    assert word not in _said(), f"say {NOT_SAID[word]}"


def test_every_mechanism_names_its_rows_of_the_domain() -> None:
    packages = [path.parent for path in (ROOT / "mechanisms").rglob("apps.py")]
    assert len(packages) >= 9
    for package in packages:
        said = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
        assert re.search(r"^Rows? of DOMAIN\.md: [A-J]\d", said, re.MULTILINE), package.name


def test_a_class_name_means_one_thing() -> None:
    """Two apart: a notice and a citizen's message are tables of one name; the verifier that runs alone brings its own."""
    named: dict[str, list[str]] = {}
    for where, code in _code().items():
        if where.startswith("kernel/ledger/standalone/"):
            continue
        for node in ast.parse(code).body:
            if isinstance(node, ast.ClassDef):
                named.setdefault(node.name, []).append(where)
    assert {name for name, places in named.items() if len(places) > 1} == {"Message"}
