"""What stands on pictures, beside what rows say, as the approver gets it (客户成交 5.2(2), 客户新增 3(1)1).

The reader of pictures is played by what it once read of the same pictures; tests/ocr plays it with the reader itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image, ImageChops

from intake.sandbox.child import Elsewhere
from service.rows import seeing
from service.upkeep.keeping import differences
from tests import recorded
from tests.company import Company, a_company_with_a_customer, change, customer, read, shot, visit
from tests.deals import order

HUAXIN = recorded.SAID.customer


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        yield made


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeing, "can_read", lambda: True)
    monkeypatch.setattr(seeing, "words_at", recorded.READER)


def contracted(co: Company, at: str = "11-23 11:00", **cells: Any) -> Path:
    """The approval sheet of an order whose contract is the recorded one."""
    co.gain("张三", "李四", HUAXIN)
    co.new("张三")
    co.drop("张三", "合同.jpg", recorded.picture("合同.jpg"))
    usual = {"合同编号": "HX-2026-118", "成交金额": "12.8万", "成交日期": "2026-11-23"}
    co.hand_in("张三", "订单.xlsx", 成交订单=[order("合同.jpg", HUAXIN, **{**usual, **cells})])
    co.run(at)
    return co.approval("赵总", "成交订单")


def shown(sheet: Path, form: str = "成交订单") -> tuple[list[str], str]:
    row = read(sheet).row(f"审批_{form}")
    return str(row["照片核对"]).splitlines(), row["系统提示"] or ""


def coloured(path: Path, colour: tuple[int, int, int]) -> int:
    """How many pixels of a picture are nearly of a colour."""
    with Image.open(path) as opened:
        away = ImageChops.difference(opened.convert("RGB"), Image.new("RGB", opened.size, colour))
    return sum(away.convert("L").point(lambda value: value < 30).histogram()[1:])


def test_a_contract_that_says_the_same_is_told_so_point_by_point_and_marked(co: Company, reader: None) -> None:
    sheet = contracted(co)
    points, flags = shown(sheet)
    assert points == [
        "签约方 一致：深圳市华新科技有限公司（合同.jpg 下部）",
        "合同编号 一致：HX-2026-118（合同.jpg 上部偏左）",
        "签订日期 一致：2026-11-23（合同.jpg 上部偏左）",
        "金额（小写） 一致：128,000.00（合同.jpg 中部偏左）",
        "金额（大写） 一致：128,000.00（合同.jpg 中部）",
    ]
    assert "不一致" not in flags
    (large,) = (sheet.parent / "照片").glob("*.jpg")
    assert coloured(large, (22, 130, 60)) > 2_000, "a green box around each"


def test_a_row_that_says_something_else_is_flagged_and_stays_with_the_approver(co: Company, reader: None) -> None:
    sheet = contracted(co, 成交金额=182000, 成交日期="2026-11-13")
    points, flags = shown(sheet)
    assert points[2].startswith("签订日期 不一致：照片上是 2026-11-23，表中是 2026-11-13")
    assert points[3].startswith("金额（小写） 不一致：照片上是 128,000.00，表中是 182,000.00")
    assert "⚠ 金额（大写）不一致：照片上是 128,000.00，表中是 182,000.00（合同.jpg 中部）" in flags
    (large,) = (sheet.parent / "照片").glob("*.jpg")
    assert coloured(large, (200, 30, 30)) > 2_000
    co.decide("赵总", sheet)
    co.run("11-24 09:00")
    assert co.ask("SELECT status, amount_fen FROM orders") == [{"status": "accepted", "amount_fen": 18_200_000}]
    assert list(differences(co.service)) == [], "a replay gives the same state"


def test_a_certificate_and_a_shop_front_stand_beside_the_new_customer(co: Company, reader: None) -> None:
    co.drop("张三", "门头.jpg", recorded.picture("门头.jpg"))
    co.drop("张三", "证件.jpg", recorded.picture("证件.jpg"))
    co.hand_in("张三", 客户新增=[customer(HUAXIN, 证件照片="证件.jpg")])
    co.run("11-23 11:00")
    points, flags = shown(co.approval("李四", "客户新增"), "客户新增")
    assert points == [
        "证件名称 一致：深圳市华新科技有限公司（证件.jpg 中部）",
        f"统一社会信用代码 一致：{recorded.CODE}，校验位正确（证件.jpg 上部偏左）",
        "招牌 一致：有“华新科技”（门头.jpg 上部）",
    ]
    assert "不一致" not in flags


def test_another_company_s_certificate_is_flagged(co: Company, reader: None) -> None:
    co.drop("张三", "门头2.jpg", shot("11-23 10:00", 7))
    co.drop("张三", "证件.jpg", recorded.picture("证件.jpg"))
    co.hand_in("张三", 客户新增=[customer("深圳市华欣科技有限公司", 门头照片="门头2.jpg", 证件照片="证件.jpg")])
    co.run("11-23 11:00")
    points, flags = shown(co.approval("李四", "客户新增"), "客户新增")
    words = "照片上是 深圳市华新科技有限公司，表中是 深圳市华欣科技有限公司"
    assert f"⚠ 证件名称不一致：{words}" in flags
    assert points[-1] == "招牌 没有读到", "a sign without words contradicts nobody"


def test_a_visit_is_told_whether_the_sign_was_on_the_picture_and_never_flagged_for_it(
    co: Company, reader: None
) -> None:
    co.gain("张三", "李四", HUAXIN)
    co.drop("张三", "门头.jpg", recorded.picture("门头.jpg"))
    co.hand_in("张三", 拜访记录=[visit("门头.jpg", HUAXIN)])
    co.run("11-23 18:00")
    points, flags = shown(co.approval("李四", "拜访记录"), "拜访记录")
    assert points == ["招牌 一致：有“华新科技”（门头.jpg 上部）"]
    assert "招牌" not in flags


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({}, "招牌 一致：有“华新科技”（门头.jpg 上部）"),
        ({"新客户名称": "深圳市明达仪器有限公司"}, "招牌 没有读到：只认出 “华新科技”"),
    ],
)
def test_a_new_shop_front_is_held_against_the_name_that_will_hold(
    co: Company, reader: None, cells: dict[str, str], said: str
) -> None:
    co.gain("张三", "李四", HUAXIN)
    co.drop("张三", "门头.jpg", recorded.picture("门头.jpg"))
    co.hand_in("张三", 信息变更=[change(HUAXIN, 门头照片="门头.jpg", **cells)])
    co.run("11-23 18:00")
    sheet = co.approval("李四", "信息变更")
    points, flags = shown(sheet, "信息变更")
    assert points[0].startswith(said)
    assert "招牌" not in flags
    assert ("更名没有证件照片可以核对" in flags) == bool(cells)
    co.decide("李四", sheet)
    co.run("11-23 19:00")
    (name,) = (row["name"] for row in co.ask("SELECT name FROM customers ORDER BY id DESC LIMIT 1"))
    assert name == cells.get("新客户名称", HUAXIN)
    assert list(differences(co.service)) == []


def test_where_nothing_can_be_read_the_approver_is_told_so(co: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeing, "can_read", lambda: False)
    sheet = contracted(co)
    assert shown(sheet)[0] == ["没有读"]
    assert "“没有读”是系统没有读这张照片" in str(read(sheet).sheets["说明"])
    assert co.ask("SELECT 1 FROM journal WHERE kind IN ('photo.read', 'row.compared')") == []
    co.decide("赵总", sheet)
    co.run("11-24 09:00")
    assert co.ask("SELECT status FROM orders") == [{"status": "accepted"}]


def test_a_reader_that_dies_over_a_picture_is_told_and_keeps_nothing_back(
    co: Company, reader: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeing, "words_at", Elsewhere("tests.recorded", "dies"))
    sheet = contracted(co)
    assert shown(sheet)[0] == ["合同.jpg 没有读：读取程序异常退出"]
    assert shown(sheet)[1].count("⚠") == shown(sheet)[1].count("⚠ 只"), "no fault of the row"
    kept = co.ask("SELECT COUNT(*) AS n FROM journal WHERE kind = 'photo.read'")
    co.run("11-23 11:10")
    assert co.ask("SELECT COUNT(*) AS n FROM journal WHERE kind = 'photo.read'") == kept, "it is not tried for ever"


def test_what_there_was_no_time_for_goes_out_unread(co: Company, reader: None, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = iter(range(10_000, 10_000_000, 1_000))
    monkeypatch.setattr(seeing, "time", SimpleNamespace(monotonic=lambda: next(gone)))
    assert shown(contracted(co))[0] == ["没有读"]


def test_each_picture_is_read_once_and_kept(co: Company, reader: None) -> None:
    sheet = contracted(co)
    co.run("11-23 11:20")
    read_now = co.ask("SELECT subject, COUNT(*) AS n FROM journal WHERE kind = 'photo.read' GROUP BY subject")
    assert {row["n"] for row in read_now} == {1}
    assert sheet.exists()
    asked = co.ask("SELECT COUNT(*) AS n FROM journal WHERE kind = 'row.compared'")
    assert asked == [{"n": 2}], "the new customer, and the order"


def test_a_company_may_leave_a_form_unread(tmp_path: Path, reader: None) -> None:
    with a_company_with_a_customer(tmp_path, config={"forms = ": 'forms = ["客户新增"]'}) as co:
        assert shown(contracted(co))[0] == ["没有读"]
