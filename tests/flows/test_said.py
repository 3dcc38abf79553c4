"""Said as people say it, played through folders: decisions, addresses, visits away from the shop (客户拜访 5.2, 5.3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.company import (
    Company,
    a_company,
    a_company_with_a_customer,
    change,
    customer,
    read,
    report,
    shot,
    visit,
)

GUANGZHOU = (23.1291, 113.2644)


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("said", "status"),
    [
        *((word, "accepted") for word in ("通过", "批准", "√", "是", True, " 同意。")),
        *((word, "rejected") for word in ("不同意", "退回", "拒绝", "×", "否", False)),
    ],
)
def test_a_decision_is_understood_as_people_say_it(tmp_path: Path, said: str, status: str) -> None:
    with a_company(tmp_path) as co:
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:00")
        co.decide("李四", co.approval("李四", "销售日报"), said, "写得太少")
        co.run("11-23 19:00")
        assert co.receipt("李四").outcomes("审批_销售日报") == ["已受理"]
        assert [row["status"] for row in co.ask("SELECT status FROM daily_reports")] == [status]


def test_words_that_mean_neither_stay_open_and_say_what_may_be_written(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:00")
        co.decide("李四", co.approval("李四", "销售日报"), "再看看")
        co.run("11-23 19:00")
        told = co.receipt("李四").row("审批_销售日报")
        assert told["结果"] == "退回"
        assert "请填写 同意 或 驳回" in told["说明"]


def test_a_visit_far_from_the_shop_front_goes_to_the_approver_with_a_flag(co: Company) -> None:
    co.drop("张三", "现场.jpg", shot("11-23 14:00", 2, GUANGZHOU))
    co.hand_in("张三", 拜访记录=[visit()])
    co.run("11-23 18:00")
    assert co.receipt("张三").outcomes("拜访记录") == ["待审批"]
    assert "公里" in read(co.approval("李四", "拜访记录")).row("审批_拜访记录")["系统提示"]


def test_the_company_may_refuse_visits_far_from_the_shop_front(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path, config={"far = ": 'far = "refuse"'}) as co:
        co.drop("张三", "现场.jpg", shot("11-23 14:00", 2, GUANGZHOU))
        co.hand_in("张三", 拜访记录=[visit()])
        co.run("11-23 18:00")
        assert co.receipt("张三").outcomes("拜访记录") == ["退回"]


def test_a_photo_of_friday_afternoon_may_come_on_monday_morning(co: Company) -> None:
    co.drop("张三", "现场.jpg", shot("11-27 16:30", 2))
    co.hand_in("张三", 拜访记录=[visit()])
    co.run("11-30 11:45")
    assert co.receipt("张三").outcomes("拜访记录") == ["待审批"]
    assert "上一个工作日 11-27 16:30" in read(co.approval("李四", "拜访记录")).row("审批_拜访记录")["系统提示"]


def test_a_photo_of_friday_afternoon_is_too_old_on_monday_afternoon(co: Company) -> None:
    co.drop("张三", "现场.jpg", shot("11-27 16:30", 2))
    co.hand_in("张三", 拜访记录=[visit()])
    co.run("11-30 12:01")
    assert co.receipt("张三").outcomes("拜访记录") == ["退回"]


def test_a_shop_without_a_number_and_without_a_certificate_goes_to_the_approver_with_both_flags(co: Company) -> None:
    co.drop("张三", "门头2.jpg", shot("11-23 10:00", 7))
    co.hand_in("张三", 客户新增=[customer("石桥镇便民商店", 门头照片="门头2.jpg", 详细地址="老街口供销社对面")])
    co.run("11-23 12:00")
    assert co.receipt("张三").outcomes("客户新增") == ["待审批"]
    flags = read(co.approval("李四", "客户新增")).row("审批_客户新增")["系统提示"]
    assert "看不出楼栋门牌" in flags
    assert "没有证件照片" in flags


def test_a_rename_asks_the_approver_to_see_the_certificate(co: Company) -> None:
    co.hand_in("张三", 信息变更=[change(新客户名称="深圳市宏远智能科技有限公司")])
    co.run("11-23 12:00")
    assert "更名没有证件照片" in read(co.approval("李四", "信息变更")).row("审批_信息变更")["系统提示"]
