"""Files go out under their names, to be saved unless they may open in the page: as the browser and a program get them."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from qingfeng.faces import downloads
from qingfeng.faces.api import files as given_out
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.reading import reads
from tests import cast
from tests.faces.api.conftest import Program, clock, programs  # noqa: F401
from tests.faces.api.test_main_job import hand_in
from tests.faces.console.staff import address, browser, problem
from tests.kernel.attachments.made import GOOD
from tests.kernel.attachments.test_quiet_pdf import ACTING, QUIET

pytestmark = pytest.mark.django_db

FILES = {
    "现场 一（正门）.jpg": (GOOD["photo.jpg"], "inline"),
    "plan.webp": (GOOD["photo.webp"], "inline"),
    "批复.pdf": (QUIET["packed objects"], "inline"),
    "表格.pdf": (ACTING["an open action"], "attachment"),
    "“引号” 清单.docx": (GOOD["report.docx"], "attachment"),
    "rows.csv": (GOOD["rows.csv"], "attachment"),
    "说明.txt": (GOOD["note.txt"], "attachment"),
    "录音.m4a": (GOOD["talk.m4a"], "attachment"),
    "版式.ofd": (GOOD["paper.ofd"], "attachment"),
}


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def expected(how: str, name: str) -> str:
    if name.isascii():
        return f'{how}; filename="{name}"'
    return f"{how}; filename*=utf-8''{quote(name)}"


@pytest.fixture
def kept(programs: Callable[[str], Program]) -> dict[str, Attachment]:  # noqa: F811
    """The files, bound to a problem sheet."""
    sheet, program = problem(upto="rectifying"), programs("clerk_housing")
    ids = {name: hand_in(program, content, name) for name, (content, _how) in FILES.items()}
    cast.do("rectification.report", "clerk_housing", sheet, result="好", evidence=list(ids.values()))
    return {name: Attachment.objects.get(pk=pk) for name, pk in ids.items()}


def test_files_go_out_by_their_names(kept: dict[str, Attachment], programs: Callable[[str], Program]) -> None:  # noqa: F811
    console, program = browser("clerk_housing"), programs("clerk_housing")
    for name, (content, how) in FILES.items():
        pk = kept[name].pk
        for answer in (console.get(f"/files/{pk}/"), program.get(f"/attachments/{pk}")):
            assert answer.status_code == 200
            assert answer.headers["Content-Disposition"] == expected(how, name)
            assert answer.headers["Content-Type"] == kept[name].media_type
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "no-store" in answer.headers["Cache-Control"]
            assert answer.getvalue() == content or name.endswith((".jpg", ".webp"))


@pytest.mark.parametrize(
    ("who", "path", "name"),
    [
        ("office_a", "/rectification/export.xlsx", "问题 "),
        ("office_a", "/rectification/statistics.xlsx", "问题统计 "),
        ("office_a", "/first.xlsx", "首页 "),
        ("clerk_housing", "/problem_lists/template/draw_up.xlsx", ""),
    ],
)
def test_workbooks_are_saved_under_a_name_with_its_ending(who: str, path: str, name: str) -> None:
    client: Client = browser(who)
    answer = client.get(path, headers={"accept-language": "zh-hans"})
    assert answer.status_code == 200
    how = answer.headers["Content-Disposition"]
    assert how.startswith("attachment; filename")
    assert quote(name) in how
    assert how.rstrip('"').endswith(".xlsx")


def test_a_calendar_and_a_proof_have_names(programs: Callable[[str], Program]) -> None:  # noqa: F811
    program = programs("clerk_housing")
    feed = program.client.get("/api/calendar.ics", headers={"Authorization": f"Bearer {program.secret}"})
    assert feed.status_code == 200
    assert feed.headers["Content-Disposition"] == 'attachment; filename="qingfeng.ics"'
    sheet = problem()
    entry = sheet.entries.get().pk
    seal_all(cast.clock().now(), signer())
    proof = browser("office_a").get(f"{address(sheet)}entry/{entry}/proof.json")
    assert proof.headers["Content-Disposition"] == f'attachment; filename="proof-{entry}.json"'
    assert proof.json()


def test_a_paper_is_saved_under_its_number(
    programs: Callable[[str], Program],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    went_out = SimpleNamespace(number="明督〔2026〕3号", media_type="text/html; charset=utf-8")
    monkeypatch.setattr(reads, "paper", lambda _actor, _pk: went_out)
    monkeypatch.setattr(given_out, "rendition", lambda _paper: b"<p></p>")
    answer = programs("office_a").get("/papers/1")
    assert answer.headers["Content-Disposition"] == expected("attachment", "明督〔2026〕3号.html")


def test_no_view_writes_the_header_by_itself() -> None:
    faces = Path(downloads.__file__).parent
    writers = [path.name for path in faces.rglob("*.py") if "Content-Disposition" in path.read_text("utf-8")]
    assert writers == ["downloads.py"]
