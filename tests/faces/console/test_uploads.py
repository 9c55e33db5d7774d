"""Files with a form: taken in first, kept when the act is refused, shown without hidden data."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.matters.models import Matter
from tests.faces.console.staff import address, browser, form_of, problem, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo(name: str = "现场.jpg") -> SimpleUploadedFile:
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "hidden words"
    Image.new("RGB", (40, 30), "teal").save(target, "JPEG", exif=exif)
    return SimpleUploadedFile(name, target.getvalue(), "image/jpeg")


@pytest.fixture
def sheet() -> Matter:
    return problem(upto="rectifying")


def send(client: Client, sheet: Matter, **typed: Any) -> Any:
    path = address(sheet, "report")
    return client.post(path, {**form_of(client, path), **typed})


def kept(page: str) -> list[str]:
    return re.findall(r'name="evidence" value="([^"]*)" checked', page)


def test_a_photo_goes_with_the_act_and_is_shown_without_hidden_data(sheet: Matter) -> None:
    client = browser("clerk_housing")
    assert send(client, sheet, result="好", evidence=[photo()]).status_code == 303
    file = Attachment.objects.get()
    assert file.matter_id == sheet.pk
    page = text(client.get(address(sheet)))
    assert f'<img class="files__picture" src="/files/{file.pk}/"' in page
    shown = client.get(f"/files/{file.pk}/")
    content = shown.getvalue()
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"hidden words" not in content
    assert b"hidden words" in photo().read()


def test_a_file_stays_with_the_form_when_the_act_is_refused(sheet: Matter) -> None:
    client = browser("clerk_housing")
    refused = send(client, sheet, evidence=[photo("一.jpg"), photo("二.jpg")])
    assert refused.status_code == 422
    ids = kept(text(refused))
    assert len(ids) == 2
    assert "一.jpg" in text(refused)
    done = send(client, sheet, result="好", evidence=ids)
    assert done.status_code == 303
    assert set(Attachment.objects.filter(matter=sheet).values_list("name", flat=True)) == {"一.jpg", "二.jpg"}


def test_a_bad_file_is_named_and_the_good_one_and_the_words_stay(sheet: Matter) -> None:
    client = browser("clerk_housing")
    bad = SimpleUploadedFile("假的.jpg", b"MZ not a picture", "image/jpeg")
    refused = send(client, sheet, result="写好的文字", evidence=[photo(), bad])
    page = text(refused)
    assert refused.status_code == 422
    assert "假的.jpg: " in page
    assert "写好的文字" in page
    assert len(kept(page)) == 1
    assert Attachment.objects.count() == 1


def test_a_file_that_is_too_large_is_dropped_on_its_way_in(sheet: Matter, settings: Any) -> None:
    settings.ATTACHMENT_LIMIT = 1000
    client = browser("clerk_housing")
    large = SimpleUploadedFile("大.jpg", b"\xff\xd8\xff" + b"x" * 200_000, "image/jpeg")
    refused = send(client, sheet, result="好", evidence=[large])
    assert refused.status_code == 422
    assert "大.jpg: " in text(refused)
    assert not Attachment.objects.exists()


def test_more_files_than_allowed_are_refused(sheet: Matter) -> None:
    client = browser("clerk_housing")
    first = send(client, sheet, evidence=[photo() for _ in range(9)])
    refused = send(client, sheet, result="好", evidence=[*kept(text(first)), photo()])
    assert refused.status_code == 422
    assert "At most 9" in text(refused)


@pytest.mark.parametrize("value", ["nonsense", "00000000-0000-0000-0000-000000000000", "\x00"])
def test_a_file_nobody_handed_in_is_not_taken(sheet: Matter, value: str) -> None:
    answer = send(browser("clerk_housing"), sheet, result="好", evidence=[value])
    assert answer.status_code in (303, 422)
    assert not Attachment.objects.exists()


def test_a_file_of_a_colleague_is_neither_used_nor_seen(sheet: Matter) -> None:
    theirs = kept(text(send(browser("clerk_housing_b"), sheet, evidence=[photo()])))[0]
    client = browser("clerk_housing")
    answer = send(client, sheet, result="好", evidence=[theirs])
    assert answer.status_code == 422
    assert kept(text(answer)) == []
    assert client.get(f"/files/{theirs}/").status_code == 404


def test_files_of_who_may_not_act_are_not_taken_in(sheet: Matter) -> None:
    answer = browser("office_a").post(address(sheet, "report"), {"result": "好", "evidence": [photo()]})
    assert answer.status_code == 403
    assert not Attachment.objects.exists()


def test_a_file_is_read_by_those_who_read_its_matter(sheet: Matter) -> None:
    send(browser("clerk_housing"), sheet, result="好", evidence=[photo()])
    path = f"/files/{Attachment.objects.get().pk}/"
    shown = browser("office_a").get(path)
    assert shown.getvalue().startswith(b"\xff\xd8\xff")
    assert browser("clerk_education").get(path).status_code == 404
