"""Particulars that a camera cannot have written: flagged for the approver, played with real files."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.company import FRONT, Company, a_company_with_a_customer, shot, visit

TALKS = (
    "李经理确认二期需要四十台，希望春节前交货；我方周五前给出报价。",
    "带看三号车间，地面承重要复核，电缆沟改走东墙，下周二给答复。",
    "采购科催要合同样本，财务要求预付款三成，余款验收后付清。",
    "试机两台，噪声略高，售后工程师当场调整，客户表示满意。",
)


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        yield made


def _visited(co: Company, day: str, data: bytes, talk: str) -> str:
    co.drop("张三", f"现场{day}.jpg", data)
    co.hand_in("张三", f"拜访{day}.xlsx", 拜访记录=[visit(f"现场{day}", 拜访记录=talk)])
    co.run(f"{day} 18:00")
    (told,) = co.told("张三", "拜访记录")
    return told


def test_two_pictures_too_far_apart_for_their_times_are_flagged_without_any_seal(co: Company) -> None:
    co.drop("张三", "广州.jpg", shot("11-23 13:52", 8, place=(23.1291, 113.2644)))
    co.run("11-23 13:55")
    co.new("张三")
    told = _visited(co, "11-23", shot("11-23 14:00", 2), TALKS[0])
    assert "与 11-23 13:52 的照片相距" in told
    assert "只隔 8 分钟" in told


def test_one_round_position_on_many_days_is_flagged_and_a_measured_one_is_not(co: Company) -> None:
    days = ("11-23", "11-24", "11-25", "11-26")
    told = [_visited(co, day, shot(f"{day} 14:00", 20 + n), TALKS[n]) for n, day in enumerate(days)]
    assert ["是整数位" in each for each in told] == [False, False, False, True]


def test_a_measured_position_may_come_again(co: Company) -> None:
    place = (FRONT[0] + 0.000037, FRONT[1] + 0.000012)
    days = ("11-23", "11-24", "11-25", "11-26")
    told = [_visited(co, day, shot(f"{day} 14:00", 20 + n, place=place), TALKS[n]) for n, day in enumerate(days)]
    assert not any("是整数位" in each for each in told)


def test_a_picture_that_photoshop_saved_is_flagged_although_it_names_a_phone(co: Company) -> None:
    picture, stream = Image.open(BytesIO(shot("11-23 14:00", 2))), BytesIO()
    picture.save(stream, "JPEG", qtables="maximum", exif=picture.info["exif"])
    assert "压缩方式是 Photoshop 的" in _visited(co, "11-23", stream.getvalue(), TALKS[0])
