"""Names as the register gives them, places as people write them, and columns that nobody can find."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.raw import Sheet
from ledger.records import Area
from policy.forms.daily_report import DailyReport
from policy.settings import Settings
from validators.free_name import plain_name
from validators.layout import Unfit, lay_out
from validators.person import register_name
from validators.places import area_named, grounds
from validators.words import too_short

PHONE = "13800138001"


@pytest.mark.parametrize(
    ("written", "plain"), [("李四", "李四"), ("李四8001", "李四"), ("8001李四", "8001李四"), ("8001", "8001"), ("李四8002", "李四8002"), ("·8001", "·8001")]
)  # fmt: skip
def test_a_name_is_known_without_the_figures_of_its_bearer_s_phone(written: str, plain: str) -> None:
    assert plain_name(written, PHONE) == plain


def test_a_namesake_carries_the_last_four_figures() -> None:
    assert register_name("李四", PHONE, namesake=False) == "李四"
    assert register_name("李四", PHONE, namesake=True) == "李四8001"


def test_a_place_that_is_newer_than_the_map_is_known_however_it_is_separated() -> None:
    new = {"广东省/新名市/新名区": "广东省/深圳市/南山区", "重庆市/两江新区": "重庆市/重庆市/渝北区"}
    settings = Settings.model_validate({"folders": {}, "places": {"new": new}}, context={"base": Path()})
    for written in ("广东省/新名市/新名区", "广东省 新名市 新名区", "广东省新名市新名区"):
        assert area_named(written, settings) == Area("广东省", "新名市", "新名区")
    assert area_named("重庆市两江新区", settings) == Area("重庆市", "重庆市", "两江新区")
    assert area_named("广东省/深圳市/南山区", settings) == Area("广东省", "深圳市", "南山区")
    assert area_named("广东省/没有市/没有区", settings) is None
    made = Area("广东省", "新名市", "新名区")
    assert grounds(made, settings) == (made, Area("广东省", "深圳市", "南山区"))
    assert grounds(Area("广东省", "深圳市", "南山区"), settings) == (Area("广东省", "深圳市", "南山区"),)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("确认报价", 4), ("确认，报价。_", 4), ("啊" * 16, 1), ("啊嗯" * 8, 2), ("啊嗯哦" * 8, 3), ("啊嗯哦" * 7 + "啊嗯", None), ("啊嗯" * 7 + "啊", None),
        ("确认设备数量", None),
    ],
)  # fmt: skip
def test_a_text_says_as_much_as_it_has_different_characters_once_it_only_repeats_itself(
    text: str, length: int | None
) -> None:
    found = [each["length"] for each in too_short(text, 5)]
    assert found == ([] if length is None else [length])


def laid_out(*headers: str) -> str:
    found = lay_out(Sheet("销售日报", ((1, headers),)), DailyReport)
    return found.message if isinstance(found, Unfit) else ""


def test_a_column_that_is_missing_is_named_with_what_it_may_have_been_called() -> None:
    assert laid_out("日期", "今日工作总结", "明日工作计划") == ""
    assert "“今日工作总结”（是否写成了“今日总结”？）" in laid_out("日期", "今日总结", "明日工作计划")
    far = laid_out("日期", "备注", "明日工作计划")
    assert "“今日工作总结”" in far
    assert "是否写成了" not in far
    long = "今日工作总结和其他所有想说的话以及对公司的意见建议"  # holds the name, and is another column all the same
    assert "是否写成了" not in laid_out("日期", long, "明日工作计划")
