"""The handbook as files: a page and a state picture for every mechanism, in each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from django.utils.text import capfirst
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from qingfeng.faces import charts
from qingfeng.faces.console.display import mechanism_name
from qingfeng.faces.handbook import contents
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import clocks_of, mechanisms, reads_of
from qingfeng.kernel.record.facts import MEASURES, FactKind
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.sealing.retention import RECORDS
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.clocks import Clock

LANGUAGES = {"zh": "zh-hans", "en": "en"}
"""The folder of each language."""
INDEX = "README.md"


def write(folder: Path) -> int:
    """Write every page and picture below a folder; returns how many. Raises ``OSError``."""
    written = pages(mechanisms())
    for name, text in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(written)


def pages(matters: Mapping[str, type[Matter]]) -> dict[str, str]:
    """Every file of the handbook of some mechanisms by its name, such as ``zh/rectification.md``."""
    found = {INDEX: _index(matters)}
    for short, language in LANGUAGES.items():
        with override(language):
            for code, cls in matters.items():
                found[f"{short}/{code}.md"] = page(code, cls)
                found[f"{short}/{code}.svg"] = charts.standalone(contents.picture(cls))
    return found


def page(code: str, cls: type[Matter]) -> str:
    """One mechanism's page in Markdown, in the language that is active."""
    acts = contents.shown_acts(cls)
    name = mechanism_name(cls)
    lines = [
        f"# {name}",
        "",
        contents.about(cls),
        "",
        *_bullets(
            [
                (say("Code"), f"`{code}`"),
                (say("Who may read it"), str(reads_of(cls).sentence())),
                (say("Number, after the name of the place"), f"{cls.series}〔2026〕1号"),
                (say("Words kept for"), RECORDS[cls.retention]),
            ]
        ),
        "",
        *_heading(_("States")),
        f"![{contents.picture(cls).title}]({code}.svg)",
        "",
        *_heading(_("Acts")),
    ]
    for act in acts:
        lines += [f"### {act.label}", "", f"`{code}.{act.name}`", "", *_bullets(contents.about_act(act)), ""]
    clocks = list(clocks_of(cls).values())
    if clocks:
        lines += [*_heading(_("Time limits")), *_clocks(clocks), ""]
    if parameters := contents.parameters_of(cls):
        lines += [*_heading(_("What the regime sets")), *_parameters(parameters), ""]
    if facts := contents.facts_of(cls):
        lines += [*_heading(_("Facts it leaves")), *_facts(facts), ""]
    if counted := contents.statistics_of(cls):
        lines += [*_heading(_("Statistics")), *(f"- {one}" for one in counted), ""]
    return "\n".join(lines).rstrip() + "\n"


def _index(matters: Mapping[str, type[Matter]]) -> str:
    """The index, in both languages side by side."""
    names: dict[str, dict[str, str]] = {}
    for short, language in LANGUAGES.items():
        with override(language):
            names[short] = {code: mechanism_name(cls) for code, cls in matters.items()}
            sentences = {code: contents.about(cls) for code, cls in matters.items()}
    lines = [
        "# 手册 Handbook",
        "",
        "由声明自动生成，请勿手工修改；重新生成：`qingfeng handbook docs/handbook`。",
        "Generated from the declarations; do not edit. To write it anew: `qingfeng handbook docs/handbook`.",
        "",
        "| 事项 | matter | what it is |",
        "| --- | --- | --- |",
    ]
    for code in matters:
        chinese, english = (f"[{names[short][code]}]({short}/{code}.md)" for short in LANGUAGES)
        lines.append(f"| {chinese} | {english} | {sentences[code]} |")
    return "\n".join(lines) + "\n"


def _heading(words: Words) -> list[str]:
    return [f"## {words}", ""]


def _bullets(pairs: contents.Pairs) -> list[str]:
    lines = []
    for label, value in pairs:
        if isinstance(value, list):
            lines += [f"- **{label}**{say(': ').rstrip()}", *(f"  - {one}" for one in value)]
        else:
            lines.append(f"- **{label}**{say(': ')}{value}")
    return lines


def _clocks(clocks: list[Clock]) -> list[str]:
    rows = [
        (clock.label, clock.limit.label, f"`{clock.limit.name}`")
        if clock.limit
        else (clock.label, say("a day of the matter"), "")
        for clock in clocks
    ]
    return _table((say("Time limit"), say("Set by"), say("Parameter")), rows)


def _parameters(parameters: list[Parameter]) -> list[str]:
    heads = (say("Parameter"), say("What"), say("Kind"), say("What for"), say("Where levels differ, holds"))
    return _table(
        heads,
        [
            (
                f"`{one.name}`",
                str(one.label),
                contents.PARAMETER_KINDS[type(one.kind).__name__],
                str(one.describes),
                contents.STRICTER[one.stricter],
            )
            for one in parameters
        ],
    )


def _facts(facts: list[FactKind]) -> list[str]:
    rows = [(f"`{kind.name}`", kind.label, capfirst(_measured(kind))) for kind in facts]
    return _table((say("Fact"), say("What"), say("Unit")), rows)


def _measured(kind: FactKind) -> str:
    return str(MEASURES[kind.unit]) + (f" / {10**kind.scale}" if kind.scale else "")


def _table(heads: Sequence[Words], rows: Sequence[Sequence[object]]) -> list[str]:
    rule = ["---"] * len(heads)
    return ["| " + " | ".join(str(cell) for cell in row) + " |" for row in (heads, rule, *rows)]
