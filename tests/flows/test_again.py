"""A picture used again after it was cropped, turned or taken off a screen: flagged for the approver, accused of nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from ledger.replay import first_difference
from tests.company import Company, a_company_with_a_customer, shot, visit

TALK = "李经理带看了三号车间，二期四十台的地面承重要复核，下周二前给答复。"
FLAG = "照片很相似，像是裁剪、旋转或翻拍的同一张，请核对"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        yield made


def _saved(original: bytes, change: Callable[[Image.Image], Image.Image]) -> bytes:
    """Changed by a program that keeps what the camera wrote."""
    picture = Image.open(BytesIO(original))
    stream = BytesIO()
    change(picture.convert("RGB")).save(stream, "JPEG", quality=85, exif=picture.info["exif"])
    return stream.getvalue()


def _cropped(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.crop((0, 0, round(width * 0.8), round(height * 0.8)))


def _on_a_screen(picture: Image.Image) -> Image.Image:
    screen = Image.new("RGB", (1080, 2400), "black")
    screen.paste(picture.resize((1080, 810)), (0, 795))
    return screen


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "cropped": _cropped,
    "turned": lambda picture: picture.rotate(10, Image.Resampling.BICUBIC),
    "screenshot": _on_a_screen,
}


def _visits(co: Company, who: str, data: bytes, talk: str) -> None:
    co.drop(who, "现场.jpg", data)
    co.hand_in(who, 拜访记录=[visit(拜访记录=talk)])


@pytest.mark.parametrize("copy", COPIES)
def test_a_changed_copy_of_a_colleagues_picture_is_flagged_and_the_approver_reads_whose_it_is(
    co: Company, copy: str
) -> None:
    original = shot("11-23 14:00", 2)
    _visits(co, "张三", original, "李经理确认二期需要四十台，我方周五前给出报价。")
    co.run("11-23 15:00")
    _visits(co, "王五", _saved(original, COPIES[copy]), TALK)
    co.run("11-23 18:00")
    told = co.receipt("王五", "今天").row("拜访记录")
    assert told["结果"] == "待审批"
    assert FLAG in told["说明"]
    assert "与 张三 在 2026-11-23 用于受理号" in told["说明"]
    assert first_difference(co.service.book) is None


def test_two_different_pictures_are_not_taken_for_one(co: Company) -> None:
    _visits(co, "张三", shot("11-23 14:00", 2), "李经理确认二期需要四十台，我方周五前给出报价。")
    co.run("11-23 15:00")
    _visits(co, "王五", shot("11-23 14:10", 3), TALK)
    co.run("11-23 18:00")
    assert FLAG not in str(co.receipt("王五", "今天").row("拜访记录")["说明"])


def test_copies_in_one_drop_are_found_whichever_was_taken_first(co: Company) -> None:
    original = shot("11-23 14:00", 2)
    _visits(co, "张三", original, "李经理确认二期需要四十台，我方周五前给出报价。")
    _visits(co, "王五", _saved(original, _cropped), TALK)
    co.run("11-23 18:00")
    told = [str(co.receipt(who, "今天").row("拜访记录")["说明"]) for who in ("张三", "王五")]
    assert sum(FLAG in each for each in told) == 1


def test_what_finds_parts_is_forgotten_after_so_many_days_and_what_was_found_stays(co: Company) -> None:
    original = shot("11-23 14:00", 2)
    _visits(co, "张三", original, "李经理确认二期需要四十台，我方周五前给出报价。")
    co.run("11-23 15:00")
    _visits(co, "王五", _saved(original, _cropped), TALK)
    co.run("11-23 18:00")
    book = co.service.book
    assert book.one("SELECT COUNT(*) FROM points") == 3  # the shop front of the customer is the third
    co.nightly("11-23", "11-24 00:30")
    assert book.one("SELECT COUNT(*) FROM points") == 3
    co.nightly("2027-05-22", "2027-05-23 00:30")
    assert book.one("SELECT COUNT(*) FROM points") == book.one("SELECT COUNT(*) FROM point_words") == 0
    assert book.one("SELECT COUNT(*) FROM s_photo_parts") == 1
    assert first_difference(book) is None
