"""Kinds are told by content, and a file whose end has not arrived is told from one whose end has."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from intake.preflight.sniff import complete, is_picture_name, sniff
from tests import pictures

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not here")
FORMATS = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp", "TIFF": "tiff", "GIF": "gif", "BMP": "bmp", "MPO": "jpeg"}


def _zip(comment: bytes = b"") -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 1000)
        archive.comment = comment
    return stream.getvalue()


def _is_complete(folder: Path, data: bytes) -> bool:
    path = folder / "file"
    path.write_bytes(data)
    return complete(path)


@pytest.mark.parametrize(("format", "kind"), FORMATS.items())
def test_pictures_are_known_by_their_first_bytes(format: str, kind: str) -> None:
    assert sniff(pictures.encode(pictures.scene(size=(40, 30)), format)[:64]) == kind


def test_other_kinds_are_known_by_their_first_bytes() -> None:
    assert sniff(_zip()[:64]) == "zip"
    assert sniff(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20)) == "ole"
    assert sniff(b"%PDF-1.7") == "pdf"
    assert sniff(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic") == "heif"
    for other in (b"", b"BMW sales report", b"\0\0\0\x14ftypqt  ", b"RIFF\0\0\0\0WAVE", b"<html>"):
        assert sniff(other) == "other"


def test_picture_names_are_known_in_any_case() -> None:
    for name in ("a.jpg", "门头.JPEG", "IMG_1.HEIC", "x.y.png", "b.webp", " c.TIF "):
        assert is_picture_name(name)
    for name in ("a.xlsx", "jpg", "a.jpg.xlsx", "", ".png", "a.mov"):
        assert not is_picture_name(name)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "MPO"])
def test_a_picture_is_complete_only_when_its_end_is_there(format: str, tmp_path: Path) -> None:
    whole = pictures.encode(pictures.scene(size=(300, 200)), format)
    assert _is_complete(tmp_path, whole)
    for share in (0.1, 0.5, 0.9):
        cut = whole[: int(len(whole) * share)]
        assert not _is_complete(tmp_path, cut)
        # Some copying programs set the size first and fill it afterwards.
        if format in ("JPEG", "PNG", "GIF"):
            assert not _is_complete(tmp_path, cut.ljust(len(whole), b"\0"))


def test_the_end_of_the_thumbnail_is_not_the_end_of_the_picture(tmp_path: Path) -> None:
    picture = pictures.scene()
    whole = pictures.jpeg(picture, pictures.exif(thumbnail=picture.resize((160, 120))))
    head = whole[: len(whole) // 2]
    assert b"\xff\xd9" in head
    assert not _is_complete(tmp_path, head)
    assert _is_complete(tmp_path, whole)


def test_a_progressive_picture_with_a_long_trailer_is_complete(tmp_path: Path) -> None:
    picture = pictures.encode(pictures.scene(), "JPEG", progressive=True)
    assert _is_complete(tmp_path, picture + b"\0\0\0\x18ftypmp42" + bytes(3_000_000))
    assert not _is_complete(tmp_path, picture[:-2])


def test_the_end_mark_is_found_across_two_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.preflight.sniff.BLOCK", 7)
    monkeypatch.setattr("intake.preflight.sniff.TAIL", 1)  # as where a long trailer follows
    picture = pictures.encode(pictures.scene(size=(20, 20)), "JPEG")
    for extra in range(7):
        # Stuffed zeros move the end mark through every place of a block.
        assert _is_complete(tmp_path, picture[:-2] + b"\0" * extra + b"\xff\xd9")


def test_a_zip_is_complete_with_its_end_record_and_comment(tmp_path: Path) -> None:
    for comment in (b"", b"x" * 65_535):
        whole = _zip(comment)
        assert _is_complete(tmp_path, whole)
        assert not _is_complete(tmp_path, whole[:-1])
        assert not _is_complete(tmp_path, whole[: len(whole) // 2])


def test_kinds_that_do_not_say_count_as_complete(tmp_path: Path) -> None:
    for data in (b"", b"text", b"II*\0" + bytes(10)):
        assert _is_complete(tmp_path, data)


@pytest.mark.parametrize("start", [b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xff"])
def test_a_hostile_header_does_not_hold_us(start: bytes, tmp_path: Path) -> None:
    assert not _is_complete(tmp_path, start + b"\xff\xe1\0\0" * 2_000_000)


@needs_samples
def test_every_real_file_is_complete_and_its_half_is_not(tmp_path: Path) -> None:
    for path in sorted((SAMPLES / "photos").iterdir()):
        assert complete(path), path.name
        data = path.read_bytes()
        if sniff(data[:64]) != "tiff":
            assert not _is_complete(tmp_path, data[: len(data) // 2]), path.name


@needs_samples
def test_a_heic_with_a_cameras_trailer_is_complete(tmp_path: Path) -> None:
    data = (SAMPLES / "photos" / "heic_mobile_iphone_13_pro_max.HEIC").read_bytes()
    assert sniff(data[:64]) == "heif"
    assert _is_complete(tmp_path, data + b"\xff\xff\xff\xffSEFT trailer that is no box")
    assert not _is_complete(tmp_path, data[:-1])
