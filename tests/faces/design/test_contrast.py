"""Colours can be told apart: WCAG 2.2 AA for every pair that meets, in both themes."""

from __future__ import annotations

import re
from importlib import resources

import pytest

CSS = (resources.files("qingfeng.faces.design") / "static" / "design" / "tokens.css").read_text(
    encoding="utf-8"
)
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6}|rgba\([^)]*\));")


def block(start: str) -> dict[str, str]:
    body = CSS.split(start, 1)[1].split("}", 1)[0]
    return dict(COLOUR.findall(body))


LIGHT = block(":root {")
DARK = block(':root[data-theme="dark"] {')

GROUNDS = ("paper", "surface", "sunken")
TEXT = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-2", "ink-3", "accent", "accent-strong", "late", "near", "done")
        for ground in GROUNDS
    ),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-late", "late"),
    ("on-late", "late-strong"),
    ("accent", "accent-soft"),
    ("accent-strong", "accent-soft"),
    ("late", "late-soft"),
    ("late-strong", "late-soft"),
    ("near", "near-soft"),
    ("done", "done-soft"),
    ("neutral", "neutral-soft"),
    ("neutral", "paper"),
    ("on-banner", "banner"),
    ("surface", "done"),
    ("on-near-fill", "near-fill"),
    *(("surface", f"c{i}") for i in range(1, 7)),
    *(("ink", f"h{i}") for i in range(3)),
    ("on-h-low", "h3"),
    ("on-h-high", "h4"),
    ("on-h-high", "h5"),
]
SHAPES = [
    *((edge, ground) for edge in ("line-strong", "focus") for ground in GROUNDS),
    *((f"c{i}", "surface") for i in range(1, 7)),
    ("near-fill", "surface"),
    ("accent", "surface"),
    ("late", "surface"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself_is_right():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT, ids="-on-".join)
def test_text_stands_out(theme, ink, ground):
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES, ids="-on-".join)
def test_shapes_stand_out(theme, shape, ground):
    assert contrast(theme[shape], theme[ground]) >= 3


def test_every_colour_has_both_themes():
    assert LIGHT.keys() == DARK.keys()


def test_dark_by_choice_and_dark_by_device_are_the_same():
    assert block(':root:not([data-theme="light"]) {') == DARK


def test_styles_use_tokens_only():
    folder = resources.files("qingfeng.faces.design") / "static" / "design"
    for name in ("base", "shells", "forms", "components", "charts"):
        css = (folder / f"{name}.css").read_text(encoding="utf-8")
        used = set(re.findall(r"var\(--([\w-]+)\)", css))
        known = set(re.findall(r"--([\w-]+):", CSS))
        assert used <= known, name
        outside_paper = re.sub(r"\.paper[^{]*\{[^}]*\}", "", css)
        assert not re.findall(r"#[0-9a-f]{3,6}\b", outside_paper), name
