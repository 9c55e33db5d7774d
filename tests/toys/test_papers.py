"""Papers are numbered by organ and year, drawn up and approved by two people, and kept as they went out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError
from django.utils.translation import override

from qingfeng.kernel.attachments.store import Store
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.papers.issuing import in_force, rendition, sweep
from qingfeng.kernel.papers.models import Paper, PaperApproval, PaperTemplate
from qingfeng.kernel.people.actors import NOBODY
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, Invalid, NotFound
from tests.toys.duty.place import NOW, Place, found

WORDING = "<p>{{ unit }}：{{ reason }}</p>"


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "kept"
    return tmp_path / "kept"


@pytest.fixture
def place(db: None) -> Place:
    return found()


def drawn(place: Place, reason: str = "窗口无人值守", now: datetime = NOW) -> Paper:
    sheet = place.sheet()
    if not PaperTemplate.objects.filter(jurisdiction=place.jurisdiction).exists():
        place.do(place.first, "word", on=sheet, wording=WORDING)
    entry = place.do(place.first, "draw_up", now, on=sheet, reason=reason).entry
    return Paper.objects.get(entry=entry)


def undone(place: Place) -> None:
    """A paper drawn up in a transaction that then failed."""
    with transaction.atomic():
        drawn(place, "另一件")
        transaction.set_rollback(True)


def test_a_paper_is_on_disk_under_the_digest_its_entry_names(place: Place, kept: Path) -> None:
    paper = drawn(place)
    content = rendition(paper)
    assert "松溪县效能办：窗口无人值守" in content.decode()
    assert sm3(content).hex() == paper.digest
    assert (kept / "papers" / paper.digest[:2] / paper.digest).read_bytes() == content
    ((number, digest, _columns),) = paper.entry.content["papers"]
    assert (number, digest) == (paper.number, paper.digest)
    assert (paper.author_id, paper.matter_id) == (place.first.person_id, paper.entry.matter_id)


def test_a_paper_is_read_by_who_reads_its_matter_and_by_nobody_else(place: Place) -> None:
    paper = drawn(place)
    assert reads.paper(place.second, paper.pk) == paper
    assert reads.papers(place.second, "toys_sheet", paper.matter_id) == [paper]
    for stranger in (found("toys2", "柳塘县").first, NOBODY):
        for reading in (
            lambda actor: reads.paper(actor, paper.pk),
            lambda actor: reads.papers(actor, "toys_sheet", paper.matter_id),
        ):
            with pytest.raises(NotFound):
                reading(stranger)


def test_numbers_run_by_organ_and_year_without_a_gap(place: Place) -> None:
    other = found("toys2", "柳塘县")
    numbers = [drawn(place).number, drawn(other).number, drawn(place).number]
    undone(place)
    numbers.append(drawn(place, now=datetime(2026, 12, 31, 15, 59, tzinfo=UTC)).number)
    numbers.append(drawn(place, now=datetime(2026, 12, 31, 16, 0, tzinfo=UTC)).number)
    assert numbers == [
        "松溪县效能办〔2026〕1号",
        "柳塘县效能办〔2026〕1号",
        "松溪县效能办〔2026〕2号",
        "松溪县效能办〔2026〕3号",
        "松溪县效能办〔2027〕1号",
    ]


def test_code_characters_stand_for_the_organ_in_numbers_from_then_on(place: Place) -> None:
    named = drawn(place)
    issuer = Unit.objects.filter(pk=named.issuer_id)
    issuer.update(code_characters="松效能办")
    assert drawn(place).number == "松效能办〔2026〕2号"
    issuer.update(code_characters="")
    assert drawn(place).number == "松溪县效能办〔2026〕3号"
    assert Paper.objects.get(pk=named.pk).number == "松溪县效能办〔2026〕1号"


def test_a_second_person_approves_and_the_author_does_not(place: Place) -> None:
    paper = drawn(place)
    with override("en"), pytest.raises(Barred) as refusal:
        place.do(place.first, "approve", on=paper.matter_id)
    with override("en"):
        assert "second person" in str(refusal.value)
    assert refusal.value.clause
    assert not PaperApproval.objects.exists()
    entry = place.do(place.second, "approve", on=paper.matter_id).entry
    approval = PaperApproval.objects.get(paper=paper)
    assert (approval.approver_id, approval.entry_id) == (place.second.person_id, entry.pk)
    assert entry.content["approved"] == [[paper.pk, place.second.person_id]]


def test_a_later_version_of_the_wording_leaves_earlier_papers_as_they_were(place: Place) -> None:
    first = drawn(place)
    before = rendition(first)
    place.do(place.first, "word", on=first.matter_id, wording="<p>新：{{ reason }}</p>")
    second = drawn(place)
    assert (first.template.version, second.template.version) == (1, 2)
    assert "新：" in rendition(second).decode()
    assert rendition(Paper.objects.get(pk=first.pk)) == before


def test_wording_is_not_in_force_before_its_day_nor_elsewhere(place: Place) -> None:
    template = drawn(place).template
    day = template.valid_from
    assert in_force(place.jurisdiction, "toys.slip", "zh-hans", day) == template
    for jurisdiction, code, on in (
        (place.jurisdiction, "toys.slip", day - timedelta(days=1)),
        (place.jurisdiction, "toys.other", day),
        (found("toys2", "柳塘县").jurisdiction, "toys.slip", day),
    ):
        with pytest.raises(Barred, match="此种公文尚无现行模板"):
            in_force(jurisdiction, code, "zh-hans", on)


def test_wording_that_cannot_be_read_is_refused(place: Place) -> None:
    with pytest.raises(Invalid) as refusal:
        place.do(place.first, "word", on=place.sheet(), wording="{% if %}")
    assert refusal.value.fields.keys() == {"body"}
    assert not PaperTemplate.objects.filter(jurisdiction=place.jurisdiction).exists()


def test_a_rendition_changed_on_disk_is_not_shown(place: Place, kept: Path) -> None:
    paper = drawn(place)
    file = kept / "papers" / paper.digest[:2] / paper.digest
    file.write_bytes(file.read_bytes().replace("值守".encode(), "缺岗".encode()))
    with pytest.raises(Barred, match="公文内容与印发时不一致"):
        rendition(paper)


@pytest.mark.parametrize(
    "change",
    [
        "title = 'x'",
        "secrecy = 'sealed'",
        "public_text = NULL",
        "matter_id = (SELECT min(id) FROM kernel_matter)",
    ],
)
def test_no_row_of_a_paper_changes_and_a_change_by_force_is_found(place: Place, change: str) -> None:
    paper = drawn(place)
    place.do(place.second, "approve", on=paper.matter_id)
    assert list(verify()) == []
    statement = f"UPDATE kernel_paper SET {change}"
    with (
        pytest.raises(DatabaseError, match="kernel_paper is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE kernel_paper DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER kernel_paper_update_refused")
        cursor.execute(statement)
    assert [fault for fault in verify() if "papers" in fault.words]


def test_renditions_of_acts_that_failed_are_swept_and_those_of_papers_stay(place: Place, kept: Path) -> None:
    paper = drawn(place)
    undone(place)
    assert len([path for path in kept.rglob("*") if path.is_file()]) == 2
    assert sweep(NOW + timedelta(hours=2)) == 0
    assert sweep(NOW + timedelta(days=2)) == 1
    assert rendition(paper)
    assert Store("papers").root == kept / "papers"


def test_two_at_once_get_two_numbers(fresh_database: str) -> None:
    place = found()
    drawn(place)
    sheets = [place.sheet() for _ in range(4)]

    def draw(sheet: int) -> str:
        try:
            entry = place.do(place.first, "draw_up", on=sheet, reason="x").entry
            return Paper.objects.get(entry=entry).number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(draw, sheets))
    assert sorted(numbers) == [f"松溪县效能办〔2026〕{serial}号" for serial in range(2, 6)]
