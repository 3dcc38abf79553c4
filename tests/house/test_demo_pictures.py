"""The demo's pictures pass for a camera's: everything that was put in is read back by other people's programs."""

from __future__ import annotations

import io
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import exifread
import numpy as np
import numpy.typing as npt
import pi_heif
import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from demo import canvas, pictures
from demo.pictures import Shot

TAKEN = datetime(2026, 11, 23, 7, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
SHOT = Shot(taken=TAKEN, lat=30.274151, lon=120.155154)
SMALL = (400, 300)


@pytest.fixture(scope="module")
def shop() -> Image.Image:
    return pictures.scene(7, "杭州云帆贸易有限公司")


def dhash(image: Image.Image, by: Image.Resampling = Image.Resampling.LANCZOS) -> npt.NDArray[np.bool_]:
    grey = np.asarray(image.convert("L").resize((9, 8), by), dtype=int)
    return (grey[:, 1:] > grey[:, :-1]).ravel()


def sharpness(image: Image.Image) -> float:
    grey = image.convert("L")
    grey.thumbnail((1000, 1000))
    dots = np.asarray(grey, dtype=float)
    edges = dots[:-2, 1:-1] + dots[2:, 1:-1] + dots[1:-1, :-2] + dots[1:-1, 2:] - 4 * dots[1:-1, 1:-1]
    return float(edges.var())


def read_tags(data: bytes) -> dict[str, str]:
    return {name: str(value) for name, value in exifread.process_file(io.BytesIO(data), details=False).items()}


def degrees(text: str) -> float:
    whole, minutes, seconds = (
        float(part.split("/")[0]) / float((part + "/1").split("/")[1]) for part in text.strip("[]").split(", ")
    )
    return whole + minutes / 60 + seconds / 3600


@pytest.mark.parametrize("make", [pictures.jpeg, pictures.heic])
def test_exifread_finds_the_time_the_place_and_the_camera_as_given(make: object, shop: Image.Image) -> None:
    assert callable(make)
    tags = read_tags(make(shop.resize(SMALL), SHOT))
    assert tags["EXIF DateTimeOriginal"] == "2026:11:23 07:12:09"
    assert tags["EXIF OffsetTimeOriginal"] == "+08:00"
    assert (tags["Image Make"], tags["Image Model"]) == ("HUAWEI", "Mate 60")
    assert degrees(tags["GPS GPSLatitude"]) == pytest.approx(30.274151, abs=1e-6)
    assert degrees(tags["GPS GPSLongitude"]) == pytest.approx(120.155154, abs=1e-6)
    assert tags["GPS GPSLatitudeRef"] + tags["GPS GPSLongitudeRef"] == "NE"
    # The satellites count in UTC, where that morning was still the day before.
    assert (tags["GPS GPSDate"], tags["GPS GPSTimeStamp"]) == ("2026:11:22", "[23, 12, 9]")


def test_pillow_finds_the_same(shop: Image.Image) -> None:
    exif = Image.open(io.BytesIO(pictures.jpeg(shop.resize(SMALL), SHOT))).getexif()
    assert exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] == "2026:11:23 07:12:09"
    assert exif.get_ifd(IFD.GPSInfo)[GPS.GPSLongitude] == (120, 9, pytest.approx(18.5544, abs=1e-4))


def test_exiftool_finds_the_same_and_no_error(exiftool: Path, shop: Image.Image, tmp_path: Path) -> None:
    for name, data in (("a.jpg", pictures.jpeg(shop, SHOT)), ("a.heic", pictures.heic(shop, SHOT))):
        path = tmp_path / name
        path.write_bytes(data)
        command = [
            str(exiftool),
            "-json",
            "-n",
            "-validate",
            "-a",
            "-warning",
            "-error",
            "-gps*",
            "-time:all",
            str(path),
        ]
        told = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)[0]
        assert told["GPSLatitude"] == pytest.approx(SHOT.lat, abs=1e-6)
        assert told["DateTimeOriginal"] == "2026:11:23 07:12:09"
        assert "Error" not in told


def test_south_and_west_are_told_apart(shop: Image.Image) -> None:
    tags = read_tags(pictures.jpeg(shop.resize(SMALL), Shot(TAKEN, -33.5, -70.25)))
    assert tags["GPS GPSLatitudeRef"] + tags["GPS GPSLongitudeRef"] == "SW"
    assert degrees(tags["GPS GPSLatitude"]) == pytest.approx(33.5)


def test_what_the_camera_does_not_know_is_left_out(shop: Image.Image) -> None:
    tags = read_tags(pictures.jpeg(shop.resize(SMALL), Shot(taken=None, lat=None, lon=None)))
    assert not [name for name in tags if "Date" in name or "GPS" in name]
    assert tags["Image Make"] == "HUAWEI"


def test_a_camera_without_offset_writes_its_hands_only(shop: Image.Image) -> None:
    tags = read_tags(pictures.jpeg(shop.resize(SMALL), Shot(TAKEN.astimezone(UTC), None, None, offset=False)))
    assert tags["EXIF DateTimeOriginal"] == "2026:11:22 23:12:09"
    assert not [name for name in tags if "Offset" in name and "Time" in name]


def test_the_thumbnail_inside_shows_the_picture(shop: Image.Image) -> None:
    tags = exifread.process_file(io.BytesIO(pictures.jpeg(shop, SHOT)), details=True)
    thumbnail = Image.open(io.BytesIO(tags["JPEGThumbnail"]))
    assert thumbnail.size == (320, 240)
    assert (dhash(thumbnail) != dhash(shop)).sum() <= 4


@pytest.mark.parametrize("size", [(1600, 1200), (1200, 1600), (100, 70), (64, 64), (101, 33)])
def test_a_heic_is_decoded_to_the_very_picture(size: tuple[int, int], shop: Image.Image) -> None:
    image = shop.resize(size)
    heif = pi_heif.open_heif(io.BytesIO(pictures.heic(image, SHOT)), convert_hdr_to_8bit=True)
    decoded = heif.to_pillow().convert("RGB")
    width, height = size[0] // 2 * 2, size[1] // 2 * 2
    assert decoded.size == (width, height)
    whole, back = (np.asarray(picture, dtype=int) for picture in (image.crop((0, 0, width, height)), decoded))
    assert np.abs(whole - back).mean() < 6  # colours are kept at half size, light exactly
    grey = [np.asarray(picture.convert("L"), dtype=int) for picture in (image.crop((0, 0, width, height)), decoded)]
    assert np.abs(grey[0] - grey[1]).mean() < 1.5


def test_a_heic_keeps_dark_samples_that_look_like_marks_between_units() -> None:
    dark = Image.fromarray(np.tile(np.array([0, 0, 3, 1], np.uint8), (64, 24))).convert("RGB")
    heif = pi_heif.open_heif(io.BytesIO(pictures.heic(dark, SHOT)))
    assert np.array_equal(np.asarray(heif.to_pillow().convert("RGB")), np.asarray(dark))


def test_no_two_pictures_are_taken_for_one_another() -> None:
    made = [pictures.scene(seed, "云帆贸易" if seed % 3 == 0 else "", (800, 600)) for seed in range(60)]
    made += [pictures.document(seed, ["采购合同", "甲方：云帆贸易"], (600, 800)) for seed in range(10)]
    for by in (Image.Resampling.LANCZOS, Image.Resampling.BOX, Image.Resampling.BILINEAR):
        hashes = np.array([dhash(image, by) for image in made])
        apart = (hashes[:, None] != hashes[None]).sum(axis=2)
        np.fill_diagonal(apart, 64)
        assert apart.min() >= 18


def test_a_messengers_copy_is_still_the_same_picture(shop: Image.Image) -> None:
    original = pictures.jpeg(shop, SHOT)
    copy = pictures.stripped(original)
    assert not read_tags(copy)
    assert Image.open(io.BytesIO(copy)).size == (1280, 960)
    assert len(copy) < len(original) / 2
    assert (dhash(Image.open(io.BytesIO(copy))) != dhash(shop)).sum() <= 4


def test_an_edited_picture_names_its_editor_and_keeps_its_time(shop: Image.Image) -> None:
    tags = read_tags(pictures.edited(pictures.jpeg(shop, SHOT)))
    assert tags["Image Software"] == "Adobe Photoshop 25.0"
    assert tags["EXIF DateTimeOriginal"] == "2026:11:23 07:12:09"
    assert "GPS GPSLatitude" in tags


def test_a_screenshot_is_a_screens_png_without_a_camera() -> None:
    image = Image.open(io.BytesIO(pictures.screenshot(3)))
    assert (image.format, image.size) == ("PNG", (1080, 2400))
    assert not image.getexif()
    assert pictures.screenshot(3) == pictures.screenshot(3) != pictures.screenshot(4)


def test_pictures_are_as_sharp_as_photographs(shop: Image.Image) -> None:
    for image in (shop, pictures.scene(8), pictures.scene(9), pictures.document(1, ["采购合同"])):
        assert sharpness(image) > 100


def test_the_same_seed_gives_the_same_bytes(shop: Image.Image) -> None:
    again = pictures.scene(7, "杭州云帆贸易有限公司")
    assert pictures.jpeg(again, SHOT) == pictures.jpeg(shop, SHOT)
    assert pictures.heic(again, SHOT) == pictures.heic(shop, SHOT)


def test_pictures_are_made_where_no_system_font_knows_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canvas, "FONTS", canvas.FONTS[-1:])
    canvas.font.cache_clear()
    canvas._stencil.cache_clear()
    try:
        with_words, without = (pictures.scene(1, words, SMALL) for words in ("杭州", "　　"))
        assert with_words.tobytes() != without.tobytes()
    finally:
        canvas.font.cache_clear()
        canvas._stencil.cache_clear()
