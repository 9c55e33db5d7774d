"""What is handed in is on disk, found by its digest, shown without hidden data, cleared away if unused."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction
from PIL import Image

from qingfeng.kernel.attachments import Attachment, intake
from qingfeng.kernel.attachments.intake import open_shown, opens_in_page, sweep
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.refusals import Barred
from tests.kernel.attachments.conftest import NOW, Hand, files
from tests.kernel.attachments.made import GOOD, docx, image, located_jpeg


def shown(attachment: Attachment) -> bytes:
    with open_shown(attachment) as file:
        return file.read()


@pytest.mark.parametrize("name", GOOD)
def test_each_kind_on_the_list_is_taken_in_under_its_digest(hand_in: Hand, kept: Path, name: str) -> None:
    attachment = hand_in(GOOD[name], name)
    digest = sm3(GOOD[name]).hex()
    assert (attachment.name, attachment.size, attachment.digest) == (name, len(GOOD[name]), digest)
    assert (kept / "files" / digest[:2] / digest).read_bytes() == GOOD[name]


def test_a_photograph_is_shown_upright_and_without_place_camera_or_comment(hand_in: Hand) -> None:
    original = located_jpeg()
    assert Image.open(BytesIO(original)).getexif().get_ifd(0x8825)
    copy = shown(hand_in(original, "现场.jpg"))
    assert b"CAMERA-MAKER" in original
    assert b"TAKEN BY A PERSON" in original
    assert not any(word in copy for word in (b"CAMERA-MAKER", b"TAKEN BY", b"Exif", b"http://ns.adobe.com"))
    with Image.open(BytesIO(copy)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert picture.size == (40, 60)
        red, _green, blue = picture.getpixel((20, 5))
        assert red > 200 > 100 > blue


def test_what_hides_behind_the_end_of_an_image_is_not_shown(hand_in: Hand) -> None:
    attachment = hand_in(image() + b"<script>alert(1)</script>", "photo.jpg")
    assert b"script" not in shown(attachment)


def test_images_open_in_the_page_and_everything_else_is_saved(hand_in: Hand) -> None:
    photo, report = hand_in(image(), "现场.jpg"), hand_in(docx("报告"), "报告.docx")
    for attachment, opens in ((photo, True), (report, False)):
        assert opens_in_page(attachment) == opens


def test_text_is_given_out_with_its_own_charset(hand_in: Hand) -> None:
    written = {"a.txt": "utf-8", "b.txt": "gb18030"}
    for name, charset in written.items():
        attachment = hand_in("清风区政务服务中心".encode(charset), name)
        assert attachment.media_type == f"text/plain; charset={charset}"


@pytest.mark.usefixtures("in_this_process")
def test_an_image_whose_copy_fails_is_kept_but_never_shown(
    hand_in: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_more: object) -> None:
        raise OSError("encoder error")

    monkeypatch.setattr(Image.Image, "save", fail)
    attachment = hand_in(GOOD["photo.jpg"], "photo.jpg")
    assert attachment.shown == ""
    with pytest.raises(Barred) as refusal:
        open_shown(attachment)
    assert refusal.value.remedy


def test_the_same_content_twice_is_kept_once_and_named_by_both(hand_in: Hand, kept: Path) -> None:
    first, second = hand_in(GOOD["note.txt"], "a.txt"), hand_in(GOOD["note.txt"], "b.txt")
    assert first.pk != second.pk
    assert first.digest == second.digest
    assert len(files(kept)) == 1


def test_file_and_folder_reach_the_disk_before_the_row_is_written(
    hand_in: Hand, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    synced = intake.FILES.keep

    def keep(*given: object) -> None:
        synced(*given)  # type: ignore[arg-type]
        done.append("disk")

    def save(self: Attachment, **more: object) -> None:
        done.append("row")

    monkeypatch.setattr(intake.FILES, "keep", keep)
    monkeypatch.setattr(Attachment, "save", save)
    hand_in(GOOD["note.txt"], "note.txt")
    assert done == ["disk", "row"]


def test_nothing_is_taken_in_inside_a_transaction_that_could_be_undone(hand_in: Hand) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        hand_in(GOOD["note.txt"], "note.txt")


def bound(attachment: Attachment, jurisdiction: Jurisdiction) -> None:
    attachment.matter = Matter.objects.create(
        mechanism="none", number="1", jurisdiction=jurisdiction, state="x", title="x", opened_at=NOW
    )
    attachment.save()


def test_what_was_used_stays_and_what_was_not_goes_after_a_day(
    hand_in: Hand, kept: Path, jurisdiction: Jurisdiction
) -> None:
    used, unused = hand_in(GOOD["photo.jpg"], "used.jpg"), hand_in(GOOD["photo.webp"], "unused.webp")
    bound(used, jurisdiction)
    assert sweep(NOW + timedelta(hours=23)) == 0
    assert len(files(kept)) == 4
    assert sweep(NOW + timedelta(days=1, seconds=1)) == 2
    assert list(Attachment.objects.all()) == [used]
    assert {path.name for path in files(kept)} == {used.digest, used.shown}
    assert sweep(NOW + timedelta(days=900)) == 0
    assert unused.digest not in {used.digest, used.shown}


def test_a_file_that_a_second_matter_uses_outlives_the_unused_twin(
    hand_in: Hand, kept: Path, jurisdiction: Jurisdiction
) -> None:
    used, _unused = hand_in(GOOD["note.txt"], "a.txt"), hand_in(GOOD["note.txt"], "b.txt")
    bound(used, jurisdiction)
    assert sweep(NOW + timedelta(days=2)) == 0
    assert shown(used) == GOOD["note.txt"]


def test_what_a_killed_receipt_left_behind_is_cleared_away(hand_in: Hand, kept: Path) -> None:
    attachment = hand_in(GOOD["note.txt"], "note.txt")
    Attachment.objects.all().delete()
    with intake.FILES.draft(NOW) as draft:
        left = draft.with_name("left.draft")
        draft.rename(left)
    assert {path.name for path in files(kept)} == {attachment.digest, "left.draft"}
    assert sweep(NOW + timedelta(days=2)) == 2
    assert files(kept) == []


def test_a_file_that_another_worker_swept_first_stops_nothing(
    hand_in: Hand, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hand_in(GOOD["note.txt"], "a.txt")
    hand_in(GOOD["rows.csv"], "b.csv")
    monkeypatch.setattr(
        intake,
        "_named",
        lambda _digests: (kept / "files" / first.digest[:2] / first.digest).unlink(True) or set(),
    )
    assert sweep(NOW + timedelta(days=2)) == 1
    assert files(kept) == []


def test_a_file_handed_in_anew_while_the_sweep_looks_is_spared(
    hand_in: Hand, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(GOOD["note.txt"], "a.txt")
    later = NOW + timedelta(days=2)
    looked: Callable[[list[str]], set[str]] = intake._named

    def looking(digests: list[str]) -> set[str]:
        found = looked(digests)
        hand_in(GOOD["note.txt"], "again.txt", later)
        return found

    monkeypatch.setattr(intake, "_named", looking)
    assert sweep(later) == 0
    assert shown(Attachment.objects.get()) == GOOD["note.txt"]
