"""A picture as a file of its own, for the handbook and the documents."""

from __future__ import annotations

from importlib import resources

from qingfeng.faces.charts.svg import Chart


def standalone(chart: Chart) -> str:
    """The picture with its colours in it: light or dark as the reader's device is."""
    folder = resources.files("qingfeng.faces") / "design" / "static" / "design"
    css = "".join((folder / name).read_text(encoding="utf-8") for name in ("tokens.css", "charts.css"))
    head, rest = chart.svg.split(">", 1)
    return f"{head}><style>{css}svg{{background:var(--surface)}}</style>{rest}\n"
