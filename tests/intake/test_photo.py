"""A picture's facts: what cameras write is read, what was tampered with is not believed, nothing raises."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from math import nan
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import piexif
import pytest
from PIL import Image, ImageFilter, ImageOps

from intake.photo.exif import location
from intake.photo.pixels import UPRIGHT, dhash, pixel_hash, turned_by
from intake.photo.read import read_photo
from ledger.records import PhotoFacts
from tests import pictures

ZONE = ZoneInfo("Asia/Shanghai")
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "photos"
GPS = piexif.GPSIFD


def read(data: bytes, max_megapixels: int = 100) -> PhotoFacts:
    return read_photo(data, ZONE, max_megapixels=max_megapixels)


def read_ok(data: bytes) -> PhotoFacts:
    facts = read(data)
    assert facts.trouble == ""
    return facts


def bits(first: PhotoFacts, second: PhotoFacts) -> int:
    assert first.dhash is not None
    assert second.dhash is not None
    return (first.dhash ^ second.dhash).bit_count()


# --- when -----------------------------------------------------------------------------------------------


def test_capture_time_without_offset_is_in_the_company_zone() -> None:
    facts = read_ok(pictures.photo(taken=datetime(2026, 11, 23, 10, 30, 5)))
    assert facts.taken_at == datetime(2026, 11, 23, 10, 30, 5, tzinfo=ZONE)
    assert facts.taken_at.utcoffset() == timedelta(hours=8)
    assert facts.offset_known is False


def test_the_cameras_own_offset_is_honoured() -> None:
    facts = read_ok(pictures.photo(taken=datetime(2026, 11, 23, 10, 30), offset="+09:00"))
    assert facts.taken_at == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert facts.offset_known is True


@pytest.mark.parametrize("offset", ["   :  ", "+99:00", "8", "+08:75"])
def test_a_malformed_offset_is_not_believed(offset: str) -> None:
    facts = read_ok(pictures.photo(taken=datetime(2026, 11, 23, 10, 30), offset=offset))
    assert facts.taken_at == datetime(2026, 11, 23, 10, 30, tzinfo=ZONE)
    assert facts.offset_known is False


def test_the_digitizing_time_stands_in_for_a_missing_capture_time() -> None:
    more = {"Exif": {piexif.ExifIFD.DateTimeDigitized: "2026:11:23 09:00:00"}}
    assert read_ok(pictures.photo(taken=None, more=more)).taken_at == datetime(2026, 11, 23, 9, tzinfo=ZONE)


def test_the_time_of_editing_is_never_evidence() -> None:
    edited = {"0th": {piexif.ImageIFD.DateTime: "2026:11:23 09:00:00"}}
    facts = read_ok(pictures.photo(taken=None, more=edited))
    assert facts.has_exif
    assert facts.taken_at is None


@pytest.mark.parametrize(
    "text",
    ["0000:00:00 00:00:00", "    :  :     :  :  ", "", "2026:13:01 10:00:00", "2026:11:23", "yesterday", "\0" * 19],
)
def test_a_malformed_capture_time_is_none(text: str) -> None:
    assert read_ok(pictures.photo(taken=text)).taken_at is None


def test_a_capture_time_in_the_future_is_reported_as_it_stands() -> None:
    facts = read_ok(pictures.photo(taken=datetime(2099, 1, 1)))
    assert facts.taken_at == datetime(2099, 1, 1, tzinfo=ZONE)


def test_satellite_time_is_read_in_utc_so_that_disagreement_shows() -> None:
    facts = read_ok(pictures.photo(taken=datetime(2026, 11, 23, 10, 30), gps_at=datetime(2026, 11, 20, 2, 30, 7)))
    assert facts.gps_at == datetime(2026, 11, 20, 2, 30, 7, tzinfo=UTC)


@pytest.mark.parametrize("clock", [((25, 1), (0, 1), (0, 1)), ((1, 0), (0, 1), (0, 1)), ((1, 1), (2, 1))])
def test_an_impossible_satellite_time_is_none(clock: pictures.Ratios) -> None:
    more = {"GPS": {GPS.GPSDateStamp: b"2026:11:23", GPS.GPSTimeStamp: clock}}
    assert read_ok(pictures.photo(more=more)).gps_at is None


# --- where ----------------------------------------------------------------------------------------------


def test_location_gives_the_district() -> None:
    facts = read_ok(pictures.photo(place=pictures.SHENZHEN_BAY))
    assert facts.lat == pytest.approx(22.5155, abs=1e-5)
    assert facts.lon == pytest.approx(113.9435, abs=1e-5)
    assert str(facts.place) == "广东省深圳市南山区"
    assert facts.near[0] == facts.place


def test_a_location_abroad_is_a_location_but_no_place() -> None:
    facts = read_ok(pictures.photo(place=(-33.86, -70.65)))
    assert (round(facts.lat or 0, 2), round(facts.lon or 0, 2)) == (-33.86, -70.65)
    assert facts.place is None
    assert facts.near == ()


def test_lower_case_refs_are_accepted() -> None:
    facts = read_ok(pictures.photo(more={"GPS": {GPS.GPSLatitudeRef: b"n", GPS.GPSLongitudeRef: b"e"}}))
    assert str(facts.place) == "广东省深圳市南山区"


BAD_GPS: dict[str, dict[int, Any]] = {
    "zero over zero": {GPS.GPSLatitude: ((0, 0), (0, 0), (0, 0))},
    "seconds over zero": {GPS.GPSLatitude: ((22, 1), (30, 1), (5, 0))},
    "two components": {GPS.GPSLatitude: ((22, 1), (30, 1))},
    "latitude 999": {GPS.GPSLatitude: ((999, 1), (0, 1), (0, 1))},
    "longitude 181": {GPS.GPSLongitude: ((181, 1), (0, 1), (0, 1))},
    "minutes 61": {GPS.GPSLatitude: ((22, 1), (61, 1), (0, 1))},
    "no latitude ref": {GPS.GPSLatitudeRef: b""},
    "wrong ref": {GPS.GPSLatitudeRef: b"E"},
    "0,0": {GPS.GPSLatitude: ((0, 1),) * 3, GPS.GPSLongitude: ((0, 1),) * 3},
}


@pytest.mark.parametrize("tags", BAD_GPS.values(), ids=BAD_GPS.keys())
def test_a_damaged_location_is_no_location(tags: dict[int, Any]) -> None:
    facts = read_ok(pictures.photo(more={"GPS": tags}))
    assert (facts.lat, facts.lon, facts.place, facts.near) == (None, None, None, ())
    assert facts.taken_at is not None


def test_missing_refs_and_nan_are_no_location() -> None:
    whole = {"GPSLatitude": (22, 30, 0), "GPSLongitude": (113, 56, 0)}
    refs = {"GPSLatitudeRef": "N", "GPSLongitudeRef": "E"}
    assert location(whole | refs) == pytest.approx((22.5, 113.93333))
    assert location(whole) is None
    assert location(whole | refs | {"GPSLatitude": (nan, 30, 0)}) is None
    assert location(whole | refs | {"GPSLatitude": None}) is None


@pytest.mark.parametrize("tags", BAD_GPS.values(), ids=BAD_GPS.keys())
def test_pillow_in_exifreads_place_finds_no_location_either(
    tags: dict[int, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_exifread(monkeypatch)
    assert read_ok(pictures.photo(more={"GPS": tags})).lat is None


# --- with what ------------------------------------------------------------------------------------------


def test_camera_words_are_cleaned() -> None:
    facts = read_ok(pictures.photo(make="Xiaomi\0\0\0", model="  23127PN0CC ", software="Meitu\0junk"))
    assert (facts.make, facts.model, facts.software) == ("Xiaomi", "23127PN0CC", "Meitu")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_chinese_words_are_read_in_the_new_and_the_old_encoding(encoding: str) -> None:
    facts = read_ok(pictures.photo(more={"0th": {piexif.ImageIFD.Software: "美图秀秀".encode(encoding)}}))
    assert facts.software == "美图秀秀"


def test_blank_camera_words_are_none() -> None:
    facts = read_ok(pictures.photo(make="   ", model="\0\0", software=""))
    assert (facts.make, facts.model, facts.software) == (None, None, None)


def test_pillow_reads_the_same_where_exifread_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pictures.photo(offset="+08:00", gps_at=datetime(2026, 11, 23, 2, 30), software="Snapseed")
    wanted = read_ok(data)
    _break_exifread(monkeypatch)
    found = read_ok(data)
    assert found == wanted
    assert found.place is not None


def _break_exifread(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any, **_options: Any) -> dict[str, Any]:
        raise AssertionError

    monkeypatch.setattr("exifread.process_file", fail)


# --- damaged --------------------------------------------------------------------------------------------


def test_a_maker_note_of_a_billion_entries_does_not_hold_us() -> None:
    start = time.monotonic()
    facts = read(pictures.endless_maker_note())
    assert time.monotonic() - start < 60  # unguarded, it does not end at all
    assert facts.taken_at is None


def test_mutants_never_raise() -> None:
    chance = random.Random(7)
    seeds = [
        pictures.photo(size=(96, 64), thumbnail=pictures.scene(size=(48, 32)), software="x"),
        pictures.encode(pictures.scene(size=(48, 32)), "PNG", exif=pictures.exif()),
        pictures.encode(pictures.scene(size=(48, 32)), "TIFF"),
        pictures.encode(pictures.scene(size=(48, 32)), "WEBP", exif=pictures.exif()),
        pictures.encode(pictures.scene(size=(48, 32)), "GIF"),
        pictures.encode(pictures.scene(size=(48, 32)), "BMP"),
    ]
    for seed in seeds:
        for _ in range(60):
            mutant = bytearray(seed)
            for _ in range(chance.randint(1, 12)):
                # Most of what can go wrong is in the front, where the headers and the EXIF are.
                reach = len(mutant) if chance.random() < 0.3 else min(len(mutant), 700)
                mutant[chance.randrange(8, reach)] = chance.randrange(256)
            facts = read(bytes(mutant), max_megapixels=4)
            assert facts.sha256 == hashlib.sha256(mutant).hexdigest()
            assert facts.trouble or facts.pixel_hash


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_cut_off_picture_is_called_unreadable(format: str, share: float) -> None:
    whole = pictures.encode(pictures.scene(size=(600, 400)), format)
    facts = read(whole[: int(len(whole) * share)])
    assert facts.trouble
    assert facts.pixel_hash is None
    assert facts.preview == b""
    assert facts.format == ""


def test_each_trouble_has_its_own_words() -> None:
    whole = pictures.photo()
    damaged = bytearray(pictures.encode(pictures.scene(size=(60, 40)), "PNG"))
    damaged[45:60] = bytes(15)
    troubles = {
        "空": read(b"").trouble,
        "没有传完": read(whole[: len(whole) // 2]).trouble,
        "损坏": read(bytes(damaged)).trouble,
        "Excel": read(b"PK\x03\x04" + bytes(60)).trouble,
        "PDF": read(b"%PDF-1.7 ...").trouble,
        "视频": read(b"\0\0\0\x14ftypqt  \0\0\0\0qt  ").trouble,
        "格式": read(b"just some text").trouble,
        "超过 100 万像素": read(whole, max_megapixels=1).trouble,
        "像素太多": read(pictures.png_header(60_000, 60_000)).trouble,
    }
    assert len(set(troubles.values())) == len(troubles)
    for part, trouble in troubles.items():
        assert part in trouble


def test_memory_that_runs_out_is_trouble_and_not_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("intake.photo.pixels.to_rgb", fail)
    assert "像素太多" in read(pictures.photo()).trouble


@pytest.mark.parametrize("side", [11_000, 60_000])
def test_a_decompression_bomb_is_refused_by_its_header(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.photo.pixels.to_rgb", lambda *_given: pytest.fail("it was decoded"))
    assert "像素太多" in read(pictures.png_header(side, side)).trouble


@pytest.mark.parametrize("format", ["EPS", "PCX", "ICO", "TGA", "JPEG2000", "PPM", "AVIF"])
def test_formats_that_nobody_sends_are_not_even_opened(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pictures.encode(pictures.scene(size=(64, 48)), format)
    monkeypatch.setattr("intake.photo.read.Image.open", lambda *_given, **_options: pytest.fail("opened"))
    assert "不是照片" in read(data).trouble


def test_fits_and_photoshop_files_are_refused() -> None:
    fits = b"".join(card.ljust(80) for card in (b"SIMPLE  =  T", b"BITPIX  =  8", b"NAXIS   =  0", b"END")).ljust(2880)
    for data in (fits, b"8BPS\0\x01" + bytes(200)):
        assert "不是照片" in read(data).trouble


# --- kinds ----------------------------------------------------------------------------------------------


def test_a_messenger_strips_everything_but_the_pixels() -> None:
    facts = read_ok(pictures.jpeg(pictures.scene(size=(1440, 1080))))
    assert (facts.has_exif, facts.taken_at, facts.make, facts.lat, facts.screen_sized) == (
        False,
        None,
        None,
        None,
        False,
    )


@pytest.mark.parametrize("size", [(1080, 2400), (1170, 2532), (750, 1334), (2532, 1170), (1920, 1080), (1080, 2376)])
def test_a_screenshot_has_the_size_of_a_screen_and_no_camera(size: tuple[int, int]) -> None:
    plain = Image.new("RGB", size, "white")
    assert read_ok(pictures.encode(plain, "PNG")).screen_sized
    assert not read_ok(pictures.jpeg(plain, pictures.exif())).screen_sized
    assert not read_ok(pictures.encode(plain.resize((size[0] - 7, size[1] - 7)), "PNG")).screen_sized


def test_an_edited_picture_names_its_editor() -> None:
    assert read_ok(pictures.photo(software="Adobe Photoshop 25.0")).software == "Adobe Photoshop 25.0"


def test_an_honest_thumbnail_is_the_same_picture() -> None:
    picture = pictures.scene(5)
    facts = read_ok(pictures.jpeg(picture, pictures.exif(thumbnail=picture.resize((160, 120)))))
    assert facts.thumbnail_differs is False


def test_a_forgotten_thumbnail_of_another_picture_is_seen() -> None:
    block = pictures.exif(thumbnail=pictures.scene(6, (160, 120)))
    assert read_ok(pictures.jpeg(pictures.scene(5), block)).thumbnail_differs is True


@pytest.mark.parametrize("size", [(1600, 900), (900, 1600)])
def test_a_letterboxed_thumbnail_is_the_same_picture(size: tuple[int, int]) -> None:
    picture = pictures.scene(8, size)
    boxed = ImageOps.pad(picture, (160, 120), color="black")
    assert read_ok(pictures.jpeg(picture, pictures.exif(thumbnail=boxed))).thumbnail_differs is False


def test_a_thumbnail_cut_at_the_sides_is_the_same_picture() -> None:
    picture = pictures.scene(9, (1600, 900))
    cut = ImageOps.fit(picture, (160, 120))
    assert read_ok(pictures.jpeg(picture, pictures.exif(thumbnail=cut))).thumbnail_differs is False


@pytest.mark.parametrize("upright", [True, False])
def test_a_thumbnail_is_the_same_however_it_is_turned(upright: bool) -> None:
    seen = pictures.scene(10, (900, 1200))
    stored = seen.transpose(Image.Transpose.ROTATE_90)
    thumbnail = (seen if upright else stored).copy()
    thumbnail.thumbnail((160, 160))
    facts = read_ok(pictures.jpeg(stored, pictures.exif(orientation=6, thumbnail=thumbnail)))
    assert (facts.width, facts.height) == (900, 1200)
    assert facts.thumbnail_differs is False


def test_without_a_thumbnail_nothing_is_said_of_it() -> None:
    assert read_ok(pictures.photo()).thumbnail_differs is None


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "RGBA", "1", "YCbCr"])
def test_every_colour_mode_is_read(mode: str) -> None:
    kind = {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "PNG")
    facts = read_ok(pictures.encode(pictures.scene().convert(mode), kind))
    assert facts.pixel_hash
    assert facts.preview.startswith(b"\xff\xd8")


def test_sixteen_bit_greys_are_scaled_and_not_clipped() -> None:
    grey = np.asarray(pictures.scene(4).convert("L"), dtype=np.uint16)
    deep = read_ok(pictures.encode(Image.fromarray(grey * 257), "PNG"))
    flat = read_ok(pictures.encode(Image.fromarray(grey.astype(np.uint8)), "PNG"))
    assert bits(deep, flat) == 0
    assert deep.pixel_hash == flat.pixel_hash


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "TIFF", "MPO"])
def test_of_several_frames_the_first_counts(format: str) -> None:
    first, second = pictures.scene(1, (300, 200)), pictures.scene(2, (300, 200))
    facts = read_ok(pictures.encode(first, format, save_all=True, append_images=[second]))
    assert facts.format == format
    assert bits(facts, read_ok(pictures.encode(first, "PNG"))) <= 3


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF"])
def test_exif_is_read_from_other_formats_too(format: str) -> None:
    if format == "TIFF":
        exif = Image.Exif()
        exif.load(pictures.exif())
        facts = read_ok(pictures.encode(pictures.scene(), format, exif=exif))
    else:
        facts = read_ok(pictures.encode(pictures.scene(), format, exif=pictures.exif()))
    assert facts.make == "HUAWEI"
    assert facts.taken_at == pictures.TAKEN.replace(tzinfo=ZONE)


def test_a_tiny_picture_is_read() -> None:
    facts = read_ok(pictures.encode(Image.new("RGB", (1, 1)), "PNG"))
    assert facts.sharpness is None
    assert facts.dhash == 0


# --- the same picture again -----------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [None, *UPRIGHT.values()])
def test_pixels_are_hashed_upright_whatever_the_size(turn: Image.Transpose | None) -> None:
    for size in ((130, 67), (64, 128), (5, 3)):
        picture = pictures.scene(3, size)
        assert pixel_hash(picture, turn) == hashlib.sha256(turned_by(picture, turn).tobytes()).hexdigest()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(("tag", "turn"), UPRIGHT.items())
def test_a_picture_turned_by_its_tag_is_the_one_turned_by_its_pixels(
    tag: int, turn: Image.Transpose, kind: str
) -> None:
    stored = pictures.scene(3, (300, 200))
    block = Image.Exif()
    block[0x0112] = tag
    tagged = read_ok(pictures.encode(stored, kind, exif=block))
    turned = read_ok(pictures.encode(stored.transpose(turn), "PNG"))
    assert tagged.pixel_hash == turned.pixel_hash
    assert bits(tagged, turned) == 0
    assert (tagged.width, tagged.height) == (turned.width, turned.height)


def test_new_words_in_the_exif_leave_the_pixels_the_same() -> None:
    first = pictures.photo(taken=datetime(2026, 11, 1))
    second = BytesIO()
    piexif.insert(pictures.exif(taken=datetime(2026, 11, 23), place=None), first, second)
    before, after = read_ok(first), read_ok(second.getvalue())
    assert before.sha256 != after.sha256
    assert before.pixel_hash == after.pixel_hash
    assert before.taken_at != after.taken_at


def test_recompressed_resized_and_cropped_pictures_stay_near_and_others_do_not() -> None:
    original = pictures.scene(11, (1600, 1200))
    facts = read_ok(pictures.jpeg(original))
    cropped = original.crop((40, 30, 1560, 1170))
    assert bits(facts, read_ok(pictures.jpeg(original, quality=40))) <= 3
    assert bits(facts, read_ok(pictures.jpeg(original.resize((800, 600))))) <= 3
    assert bits(facts, read_ok(pictures.jpeg(cropped))) <= 8
    others = [bits(facts, read_ok(pictures.jpeg(pictures.scene(seed, (400, 300))))) for seed in range(20, 30)]
    assert min(others) > 8


def test_a_picture_sent_again_turned_or_mirrored_is_found_among_the_turned_hashes() -> None:
    original = pictures.scene(12)
    facts = read_ok(pictures.jpeg(original))
    turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    for place, turn in enumerate((*turns, Image.Transpose.FLIP_LEFT_RIGHT)):
        again = read_ok(pictures.jpeg(original.transpose(turn)))
        assert again.dhash is not None
        assert (facts.turned[place] ^ again.dhash).bit_count() <= 3
        assert bits(facts, again) > 8


def test_the_hash_has_64_bits_and_tells_light_from_dark() -> None:
    slope = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90)
    assert dhash(slope) == 2**64 - 1
    assert dhash(ImageOps.mirror(slope)) == 0


def as_first_kept(picture: Image.Image) -> tuple[int, tuple[int, ...], float, str]:
    """Hashes and sharpness as they were made when books began: what is kept there must still be found."""
    rgb = picture.convert("RGB")
    factor = min(1.0, 1000 / max(rgb.size))
    size = (max(round(rgb.width * factor), 1), max(round(rgb.height * factor), 1))
    copy = rgb if factor == 1.0 else rgb.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    grey = copy.convert("L")
    turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    looks = [grey, *(grey.transpose(turn) for turn in turns), ImageOps.mirror(grey)]
    hashes = [
        int.from_bytes(np.packbits((cells[:, :-1] < cells[:, 1:]).ravel()).tobytes(), "big")
        for look in looks
        for cells in [np.asarray(look.resize((9, 8), Image.Resampling.BOX), dtype=np.int16)]
    ]
    light = np.asarray(grey, dtype=np.float32)
    around = light[:-2, 1:-1] + light[2:, 1:-1] + light[1:-1, :-2] + light[1:-1, 2:]
    sharpness = float(np.var(around - 4 * light[1:-1, 1:-1], dtype=np.float64))
    return hashes[0], tuple(hashes[1:]), sharpness, hashlib.sha256(rgb.tobytes()).hexdigest()


def agrees_with_what_was_kept(picture: Image.Image) -> None:
    facts = read_ok(pictures.encode(picture, "PNG"))
    dhash, turned, sharpness, pixel_hash = as_first_kept(picture)
    assert facts.dhash is not None
    assert facts.sharpness is not None
    assert facts.pixel_hash == pixel_hash
    assert (facts.dhash ^ dhash).bit_count() <= 2
    assert all((ours ^ theirs).bit_count() <= 2 for ours, theirs in zip(facts.turned, turned, strict=True))
    assert facts.sharpness == pytest.approx(sharpness, rel=0.05)


@pytest.mark.parametrize(
    "size",
    [
        (4032, 3024),
        (3000, 4000),
        (3265, 2449),
        (2400, 1080),
        (1999, 1500),
        (1001, 750),
        (1000, 999),
        (301, 97),
        (64, 3),
    ],
)
def test_pictures_are_found_under_the_hashes_that_books_already_hold(size: tuple[int, int]) -> None:
    for seed in range(60, 64):
        agrees_with_what_was_kept(pictures.scene(seed, size))


def test_real_pictures_are_found_under_the_hashes_that_books_already_hold(samples: Path) -> None:
    for path in sorted((samples / "photos").iterdir()):
        try:
            with Image.open(path) as opened:
                picture = opened.convert("RGB")
        except OSError:
            continue  # some are damaged on purpose
        agrees_with_what_was_kept(picture)


def test_a_blurred_picture_is_less_sharp() -> None:
    sharp = pictures.scene(13, (2000, 1500))
    first = read_ok(pictures.jpeg(sharp)).sharpness
    second = read_ok(pictures.jpeg(sharp.filter(ImageFilter.GaussianBlur(6)))).sharpness
    assert first is not None
    assert second is not None
    assert second < first / 4


def test_sharpness_does_not_depend_on_the_cameras_resolution() -> None:
    large = pictures.scene(13, (3000, 2250))
    first = read_ok(pictures.jpeg(large)).sharpness
    second = read_ok(pictures.jpeg(large.resize((1500, 1125), Image.Resampling.BICUBIC))).sharpness
    assert first == pytest.approx(second, rel=0.25)


def test_the_preview_is_small_and_upright() -> None:
    facts = read_ok(pictures.jpeg(pictures.scene(size=(1600, 800)), pictures.exif(orientation=6)))
    with Image.open(BytesIO(facts.preview)) as preview:
        assert preview.format == "JPEG"
        assert preview.size == (160, 320)
    assert len(facts.preview) < 40_000


# --- real cameras ---------------------------------------------------------------------------------------

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample pictures are not here")
needs_exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")


@needs_samples
def test_every_sample_is_read() -> None:
    for path in sorted(SAMPLES.iterdir()):
        facts = read_ok(path.read_bytes())
        assert facts.pixel_hash, path.name


@needs_samples
def test_a_cut_off_heic_is_called_unreadable() -> None:
    data = (SAMPLES / "heic_mobile_iphone_13_pro_max.HEIC").read_bytes()
    assert "没有传完" in read(data[: len(data) // 2]).trouble
    assert "没有传完" in read(data[:200]).trouble


@needs_samples
@needs_exiftool
def test_time_and_place_agree_with_exiftool_on_real_pictures() -> None:
    for found in _exiftool():
        path = Path(found["SourceFile"])
        facts = read_photo(path.read_bytes(), ZONE, max_megapixels=100)
        assert _clock(facts.taken_at) == _wanted_clock(found), path.name
        assert facts.gps_at is None or f"{facts.gps_at:%Y:%m:%d %H:%M:%S}" == _satellite(found), path.name
        assert (facts.gps_at is None) == (_satellite(found) == ""), path.name
        assert facts.lat == (pytest.approx(found["GPSLatitude"], abs=1e-6) if "GPSLatitude" in found else None)
        assert facts.lon == (pytest.approx(found["GPSLongitude"], abs=1e-6) if "GPSLongitude" in found else None)


def _exiftool() -> list[dict[str, Any]]:
    wanted = [f"-EXIF:{name}" for name in ("DateTimeOriginal", "CreateDate", "GPSDateStamp", "GPSTimeStamp")]
    composite = ["-Composite:GPSLatitude", "-Composite:GPSLongitude"]
    command = ["exiftool", "-json", "-n", *wanted, *composite, str(SAMPLES)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def _clock(moment: datetime | None) -> str:
    return f"{moment:%Y:%m:%d %H:%M:%S}" if moment else ""


def _wanted_clock(found: dict[str, Any]) -> str:
    for name in ("DateTimeOriginal", "CreateDate"):
        try:
            return _clock(datetime.strptime(found.get(name, ""), "%Y:%m:%d %H:%M:%S"))
        except ValueError:
            continue
    return ""


def _satellite(found: dict[str, Any]) -> str:
    if "GPSDateStamp" not in found or "GPSTimeStamp" not in found:
        return ""
    return f"{found['GPSDateStamp']} {str(found['GPSTimeStamp'])[:8]}"


def test_only_tables_that_no_camera_uses_name_an_editor() -> None:
    for quality in range(1, 101):  # phones and free programs share these
        assert read_ok(pictures.jpeg(pictures.scene(1, (64, 48)), quality=quality)).tables == ""
    saved = BytesIO()
    pictures.scene(1, (64, 48)).save(saved, "JPEG", qtables="web_high")
    assert read_ok(saved.getvalue()).tables == "Photoshop"
