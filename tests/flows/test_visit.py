"""拜访记录, played through folders: pictures beside, before, after and inside the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.company import FRONT, Company, a_company_with_a_customer, customer, read, report, shot, visit

NAME = "深圳市宏远电子有限公司"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        yield made


def test_a_visit_is_read_from_its_picture_and_enters_the_book_when_approved(co: Company) -> None:
    co.drop("张三", "现场.jpg", shot("11-23 14:00", 2))
    co.hand_in("张三", 拜访记录=[visit(同行人员="王五")])
    co.run("11-23 18:00")
    assert co.receipt("张三").outcomes("拜访记录") == ["待审批"]
    sheet = co.approval("李四", "拜访记录")
    shown = read(sheet).row("审批_拜访记录")
    assert shown["提交人"] == shown["销售经理"] == "张三"
    assert "南山区" in shown["客户办公地点"]
    assert shown["拜访时间"].startswith("2026-11-23 14:00")
    co.decide("李四", sheet)
    co.run("11-23 19:00")
    (kept,) = co.ask("SELECT customer, salesperson, visited_at, place, status FROM visits")
    assert (kept["customer"], kept["salesperson"], kept["status"]) == (NAME, "张三", "accepted")
    assert kept["visited_at"].replace("T", " ").startswith("2026-11-23 14:00")
    assert co.ask("SELECT last_followed_on FROM customers") == [{"last_followed_on": "2026-11-23"}]
    told = co.receipt("张三", "审批结果")
    assert told.outcomes("拜访记录") == ["已受理"]
    assert "李四同意" in told.text


@pytest.mark.parametrize("early", [True, False])
def test_a_picture_may_come_before_the_sheet_or_in_the_same_moment(co: Company, early: bool) -> None:
    co.drop("张三", "IMG_0823.JPG", shot("11-23 14:00", 2))
    if early:
        co.run("11-23 15:00")
        assert "还没有表格引用它" in co.receipt("张三").text
    co.hand_in("张三", 拜访记录=[visit("img_0823")])
    co.run("11-23 18:00")
    assert co.receipt("张三", "今天").outcomes("拜访记录") == ["待审批"]


def test_a_row_waits_for_its_picture_and_goes_on_when_it_comes(co: Company) -> None:
    co.hand_in("张三", 拜访记录=[visit("IMG_9")])
    co.run("11-23 18:00")
    assert co.receipt("张三").outcomes("拜访记录") == ["待补照片"]
    assert co.new("李四", "审批") == []
    co.drop("张三", "IMG_9.jpg", shot("11-23 14:00", 2))
    co.run("11-24 09:00")
    told = co.receipt("张三")
    assert told.outcomes("拜访记录") == ["待审批"]
    assert co.approval("李四", "拜访记录").is_file()
    assert co.ask("SELECT used_by FROM photos WHERE name = 'IMG_9.jpg'")[0]["used_by"] is not None


def test_a_picture_that_comes_late_is_judged_by_the_moment_at_which_it_came(co: Company) -> None:
    co.hand_in("张三", 拜访记录=[visit("IMG_9")])
    co.run("11-23 18:00")
    co.new("张三")
    co.drop("张三", "IMG_9.jpg", shot("11-23 20:00", 2))  # after the row: it names a picture that was not yet taken
    co.run("11-23 21:00")
    assert co.receipt("张三").row("拜访记录")["结果"] in ("待审批", "退回")


def test_a_row_is_returned_when_its_picture_has_not_come_by_the_end_of_the_next_day(co: Company) -> None:
    co.hand_in("张三", 拜访记录=[visit("IMG_9")])
    co.run("11-23 18:00")
    co.nightly("11-23", "11-24 00:30")
    assert [row["status"] for row in co.ask("SELECT status FROM visits")] == ["waiting"]
    co.new("张三")
    co.nightly("11-24", "11-25 00:30")
    told = co.receipt("张三", "通知_照片没有收到")
    assert told.outcomes("拜访记录") == ["退回"]
    assert "“IMG_9”到 11-24 23:59 仍未收到" in told.row("拜访记录")["说明"]
    assert [row["status"] for row in co.ask("SELECT status FROM visits")] == ["rejected"]


def test_a_picture_that_nobody_names_is_told_of_after_two_days(co: Company) -> None:
    co.drop("张三", "风景.jpg", shot("11-23 14:00", 2))
    co.run("11-23 18:00")
    co.nightly("11-24", "11-25 00:30")
    co.new("张三")
    co.nightly("11-25", "11-26 00:30")
    assert "风景.jpg" in co.receipt("张三", "未引用的照片").text
    co.nightly("11-26", "11-27 00:30")
    assert [path for path in co.new("张三") if "未引用的照片" in path.name] == []


def test_pictures_of_many_kinds_of_mistakes_are_told_apart(co: Company) -> None:
    from demo.pictures import Shot, edited, jpeg, scene, screenshot, stripped
    from tests.company import moment

    plain = jpeg(scene(7), Shot(moment("11-23 14:00"), *FRONT, offset=False))
    pictures = {
        "微信.jpg": (stripped(plain), "没有任何拍摄信息"),
        "修过.jpg": (edited(plain), "Photoshop"),
        "截图.png": (screenshot(1), "截图"),
        "昨天.jpg": (shot("11-22 09:00", 8), "已 33 小时，超过 24 小时"),
        "明天.jpg": (shot("11-24 14:00", 10), "晚于收到的时间"),
        "坏的.jpg": ("这不是照片".encode(), "打不开"),
    }
    for name, (data, _words) in pictures.items():
        co.drop("张三", name, data)
    co.hand_in("张三", 拜访记录=[visit(name) for name in pictures])
    co.run("11-23 18:00")
    told = co.receipt("张三", "今天").rows("拜访记录")
    for row, (name, (_data, words)) in zip(told, pictures.items(), strict=True):
        assert row["结果"] == "退回", name
        assert words in row["说明"], name


def test_the_same_picture_serves_once_in_the_whole_company(co: Company) -> None:
    picture = shot("11-23 14:00", 2)
    for name in ("张三", "王五"):
        co.drop(name, "现场.jpg", picture)
        co.hand_in(name, 拜访记录=[visit(拜访记录=f"{name}与李经理谈定二期四十台，约好周五前给出正式报价单。")])
    co.run("11-23 18:00")
    outcomes = {name: co.receipt(name, "今天").row("拜访记录") for name in ("张三", "王五")}
    assert sorted(row["结果"] for row in outcomes.values()) == ["待审批", "退回"]
    refused = next(row for row in outcomes.values() if row["结果"] == "退回")
    assert "不能重复使用" in refused["说明"]


def test_who_submits_is_read_from_the_folder_never_from_a_cell(co: Company) -> None:
    co.drop("陈六", "现场.jpg", shot("11-23 14:00", 2))
    co.hand_in("陈六", 拜访记录=[{**visit(), "销售经理": "张三"}])
    co.run("11-23 18:00")
    told = co.receipt("陈六", "今天").row("拜访记录")
    assert told["结果"] == "退回"
    assert "归属张三，不是您可以跟进的客户" in told["说明"]


def test_a_floating_picture_belongs_to_the_row_it_lies_over(co: Company, tmp_path: Path) -> None:
    file = tmp_path / "浮动.jpg"
    file.write_bytes(shot("11-23 14:00", 2))
    co.hand_in("张三", 拜访记录=[visit("没有这张"), visit(None)], pictures=[("拜访记录", "C3", file)])
    co.run("11-23 18:00")
    assert co.receipt("张三").outcomes("拜访记录") == ["待补照片", "待审批"]
    (kept,) = co.ask(
        "SELECT taken_at FROM photos WHERE sha256 IN (SELECT sha256 FROM photos) AND used_by IS NOT NULL AND name <> '门头.jpg'"
    )
    assert kept["taken_at"].startswith("2026-11-23T14:00")


def test_a_visit_may_come_with_the_customer_and_is_approved_after_it(co: Company) -> None:
    other = "深圳市华新科技有限公司"
    co.drop("张三", "门头.jpg", shot("11-23 13:30", 3))
    co.drop("张三", "现场.jpg", shot("11-23 14:00", 4))
    co.hand_in("张三", 客户新增=[customer(other)], 拜访记录=[visit(name=other)], 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    told = co.receipt("张三", "今天")
    assert told.outcomes("客户新增") == told.outcomes("拜访记录") == told.outcomes("销售日报") == ["待审批"]
    assert "才能审批" in told.row("拜访记录")["说明"]
    visits, customers = co.approval("李四", "拜访记录"), co.approval("李四", "客户新增")
    co.decide("李四", visits)
    co.run("11-23 18:10")
    back = co.receipt("李四").row("审批_拜访记录")
    assert back["结果"] == "退回"
    assert "还没有审批通过" in back["说明"]
    co.decide("李四", customers)
    co.run("11-23 18:20")
    co.decide("李四", visits)
    co.run("11-23 18:30")
    (kept,) = co.ask("SELECT customer, status FROM visits")
    assert kept == {"customer": other, "status": "accepted"}
    assert co.ask("SELECT last_followed_on FROM customers WHERE name = ?", other) == [
        {"last_followed_on": "2026-11-23"}
    ]


def test_a_visit_to_a_customer_that_was_turned_down_cannot_be_approved(co: Company) -> None:
    other = "深圳市华新科技有限公司"
    co.drop("张三", "门头.jpg", shot("11-23 13:30", 3))
    co.drop("张三", "现场.jpg", shot("11-23 14:00", 4))
    co.hand_in("张三", 客户新增=[customer(other)], 拜访记录=[visit(name=other)])
    co.run("11-23 18:00")
    co.decide("李四", co.approval("李四", "客户新增"), "驳回", "名称与执照不符")
    co.run("11-23 18:10")
    co.new("李四")
    co.decide("李四", co.approval("李四", "拜访记录"))
    co.run("11-23 18:20")
    assert co.receipt("李四").row("审批_拜访记录")["结果"] == "退回"
    assert co.ask("SELECT status FROM visits") == [{"status": "pending"}]


def test_a_customer_and_its_first_visit_may_be_approved_in_one_go(co: Company) -> None:
    other = "深圳市新程科技有限公司"
    co.drop("张三", "门头.jpg", shot("11-23 13:00", 8))
    co.drop("张三", "现场.jpg", shot("11-23 14:00", 2))
    co.hand_in("张三", 客户新增=[customer(other)], 拜访记录=[visit(name=other)])
    co.run("11-23 18:00")
    co.decide("李四", co.approval("李四", "拜访记录"), file="1.xlsx")  # taken before the customer's, by name
    co.decide("李四", co.approval("李四", "客户新增"), file="2.xlsx")
    co.run("11-23 19:00")
    assert co.ask("SELECT customer, status FROM visits") == [{"customer": other, "status": "accepted"}]
