"""Single parts: what a reader of any ability gets from them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.template import Context, engines
from django.test import RequestFactory

from qingfeng.faces.design.components import (
    ActButton,
    ActPanel,
    BarredAct,
    Button,
    ColumnHead,
    DataTable,
    EmptyState,
    Light,
    MatterList,
    TableRow,
    Timeline,
    TimelineItem,
)
from qingfeng.faces.design.fields import ErrorSummary, Field, FieldError, FieldOption
from qingfeng.faces.design.icons import ICONS


@pytest.fixture
def show(design):
    template = engines["django"].from_string("{% load design %}{% show part %}")
    return lambda part: template.render({"part": part}, RequestFactory().get("/"))


def test_plain_values_are_escaped(show):
    assert show("<b>甲 & 乙</b>") == "&lt;b&gt;甲 &amp; 乙&lt;/b&gt;"


@pytest.mark.parametrize(
    ("value", "drawn"),
    [(1234567, "1,234,567"), (None, "–"), (datetime(2026, 11, 1, 16, 30, tzinfo=UTC), "2026年11月2日 00:30")],
)
def test_values_are_written_as_the_reader_writes_them(show, value, drawn):
    assert show(value) == drawn


def test_parts_escape_what_they_are_given(show):
    light = Light(level="late", words="<script>", detail="&")
    assert "<script>" not in show(light)


@pytest.mark.parametrize("level", ["on_time", "near", "late", "done", "paused", "none"])
def test_a_light_has_words_and_a_shape_beside_its_colour(show, level):
    drawn = show(Light(level=level, words="还剩2天"))
    assert "还剩2天" in drawn
    assert "<svg" in drawn


def test_the_shapes_of_the_lights_differ():
    shapes = [body for name, body in ICONS.items() if name.startswith("light-")]
    assert len(shapes) == len(set(shapes)) == 6


def test_an_unknown_icon_is_a_mistake(show):
    with pytest.raises(KeyError, match="nothing"):
        show(Button(label="x", href="#", icon="nothing"))


KINDS = ["text", "textarea", "select", "picker", "date", "number", "email", "search", "tel"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_field_keeps_what_was_typed_and_says_what_is_wrong(show, kind):
    choices = (FieldOption(value="typed", label="甲"),)
    field = Field(
        name="a", label="标题", kind=kind, value="typed", choices=choices, errors=("请更正。",), help="说明"
    )
    drawn = show(field)
    assert re.search(r'value="typed"( selected)?|>\s*typed</textarea>', drawn)
    assert 'aria-invalid="true"' in drawn
    described = re.search(r'aria-describedby="([^"]+)"', drawn)
    assert described
    assert described[1].split()[:2] == ["f-a-help", "f-a-error"]
    assert 'id="f-a-error"' in drawn
    assert "请更正。" in drawn


def test_a_password_never_comes_back(show):
    assert "geheim" not in show(Field(name="p", label="密码", kind="password", value="geheim"))


def test_radios_are_a_question_with_answers(show):
    choices = (FieldOption(value="a", label="甲"), FieldOption(value="b", label="乙", help="说明"))
    drawn = show(Field(name="r", label="范围", kind="radios", choices=choices, value="b"))
    assert drawn.index("<fieldset") < drawn.index("<legend")
    assert re.findall(r'value="(\w)" checked', drawn) == ["b"]


def test_what_is_optional_is_said(show):
    assert "（选填）" in show(Field(name="a", label="备注"))
    assert "（选填）" not in show(Field(name="a", label="备注", required=True))


def test_choices_of_a_group_stand_under_its_name(show):
    choices = (
        FieldOption(value="a", label="甲", group="部门"),
        FieldOption(value="b", label="乙", group="乡镇"),
    )
    drawn = show(Field(name="u", label="单位", kind="select", choices=choices))
    assert re.findall(r'<optgroup label="(\w+)"', drawn) == ["部门", "乡镇"]
    assert drawn.count("</optgroup>") == 2


def test_a_file_field_says_what_it_takes(show):
    drawn = show(Field(name="f", label="材料", kind="file", accept=(".pdf", ".jpg"), accept_words="可传PDF"))
    assert 'accept=".pdf,.jpg"' in drawn
    assert "可传PDF" in drawn
    assert "不得上传涉密文件" in drawn


def act(**more) -> ActButton:
    return ActButton(
        key="report", label="反馈", action="/x/", fields=(Field(name="a", label="进展"),), **more
    )


def test_an_act_is_a_form_that_works_without_scripts(show):
    drawn = show(act(hidden=(("version", "7"),)))
    assert 'method="post" action="/x/"' in drawn
    assert "csrfmiddlewaretoken" in drawn
    assert '<input type="hidden" name="version" value="7">' in drawn
    assert "hx-" not in drawn


def test_a_refused_act_stands_open_with_its_errors(show):
    drawn = show(act(errors=ErrorSummary(errors=(FieldError(message="请填写进展。", field_id="f-a"),))))
    assert re.search(r"<details[^>]* open>", drawn)
    assert '<a href="#f-a">请填写进展。</a>' in drawn


def test_an_act_with_a_file_sends_files(show):
    part = ActButton(key="k", label="x", action="/x/", fields=(Field(name="f", label="f", kind="file"),))
    assert 'enctype="multipart/form-data"' in show(part)


def test_what_is_barred_says_why_and_what_next(show):
    barred = BarredAct(label="延期", reason="已延期一次。", clause="第十四条", next_step="提请会商。")
    drawn = show(ActPanel(acts=(), barred=(barred,)))
    assert all(words in drawn for words in ("延期", "已延期一次。", "第十四条", "提请会商。"))
    assert "<form" not in drawn


def test_nothing_to_do_is_said(show):
    assert "目前没有需要您办理的事项" in show(ActPanel())


def test_an_empty_list_says_what_to_do_next(show):
    empty = EmptyState(title="没有待办", action=Button(label="全部事项", href="/all/"))
    drawn = show(MatterList(label="待办", rows=(), empty=empty))
    assert 'href="/all/"' in drawn


def test_a_table_names_its_columns_in_every_cell_for_phones(show):
    table = DataTable(
        caption="表",
        columns=(ColumnHead(label="甲"), ColumnHead(label="乙")),
        rows=(TableRow(cells=("1", "2")),),
    )
    assert 'data-label="乙"' in show(table)


def test_a_row_that_does_not_fit_its_columns_is_a_mistake():
    table = DataTable(caption="表", columns=(ColumnHead(label="甲"),), rows=(TableRow(cells=("1", "2")),))
    with pytest.raises(ValueError, match="longer"):
        _ = table.drawn


def test_the_timeline_shows_the_head_of_a_fingerprint_and_keeps_the_whole(show):
    entry = TimelineItem(
        label="交办",
        actor="林科员",
        at=datetime(2026, 11, 2, 1, 5, tzinfo=UTC),
        fingerprint="0123456789abcdef" * 4,
    )
    drawn = show(Timeline(title="过程", entries=(entry,)))
    assert ">0123 4567 89ab cdef<" in drawn
    assert entry.fingerprint in drawn
    assert "2026-11-02 09:05" in drawn


def test_parts_need_a_template_being_rendered(design):
    from qingfeng.faces.design.templatetags.design import show

    with pytest.raises(RuntimeError, match="rendered"):
        show(Context(), Button(label="x", href="#"))
