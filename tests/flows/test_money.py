"""Real money that would not fit: equal payments, refunds, pooled customers, replaced orders, mistaken rejections (客户回款 6)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.company import Company, read, report
from tests.deals import (
    NAME,
    a_company_with_a_cashier,
    approved_order,
    arrived,
    bank_line,
    confirm,
    confirmation,
    order,
    page,
    paid,
    payment,
    ready,
)


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_cashier(tmp_path) as made:
        yield made


def test_an_equal_second_payment_in_one_sheet_is_told_the_way_out_and_goes_it(co: Company) -> None:
    first, second = paid(co, payment(), payment())
    assert (first["结果"], second["结果"]) == ("待审批", "重复")
    assert "“流水号”填写各自的银行流水号，或写 第2笔" in second["说明"]
    (again,) = paid(co, payment(流水号="第2笔"), at="11-23 14:10")
    assert again["结果"] == "待审批"
    assert "都相同" not in (again["说明"] or "")
    assert co.ask("SELECT SUM(amount_fen) AS fen FROM payments") == [{"fen": 10_000_000}]


def test_the_same_money_entered_for_another_order_is_flagged_to_the_cashier(co: Company) -> None:
    of = approved_order(co)
    paid(co, payment())
    (again,) = paid(co, payment(订单受理号=of), at="11-23 14:10")
    assert again["结果"] == "待审批"
    assert "可能是同一笔钱" in again["说明"]


def test_a_bank_s_own_number_finds_its_line_among_equal_ones(co: Company) -> None:
    co.hand_in("吴纳", "流水.xlsx", 银行流水=[bank_line("A1"), bank_line("A2")])
    co.run("11-23 13:00")
    paid(co, payment(流水号="A2"), payment(流水号="A1"))
    sheet = confirmation(co)
    assert ready(sheet) == [(NAME, "2026-11-23", 50000)] * 2
    confirm(co, sheet, {}, {})
    co.run("11-23 15:00")
    used = co.ask(
        "SELECT b.serial, p.serial AS named FROM bank_lines AS b JOIN payments AS p ON p.receipt_no = b.used_by"
    )
    assert sorted((row["serial"], row["named"]) for row in used) == [("A1", "A1"), ("A2", "A2")]


def test_a_refund_is_confirmed_by_the_cashier_and_counts_against(co: Company) -> None:
    of = approved_order(co)
    paid(co, payment(60000, 回款类型="销售回款", 订单受理号=of))
    confirm(co, confirmation(co), arrived(amount=60000))
    co.run("11-23 15:00")
    (back,) = paid(co, payment(20000, 回款类型="退款", 订单受理号=of), at="11-23 16:00")
    assert back["结果"] == "待审批"
    assert "超过" not in (back["说明"] or "")
    sheet = confirmation(co)
    assert ready(sheet) == [(None, None, None)]  # the statement tells what came in
    confirm(co, sheet, arrived(amount=20000))
    co.run("11-23 17:00")
    assert co.ask("SELECT SUM(amount_fen) AS fen FROM payments WHERE status = 'accepted'") == [{"fen": 4_000_000}]
    (rest,) = paid(co, payment(70000, 回款类型="销售回款", 订单受理号=of, 回款日期="2026-11-22"), at="11-23 17:10")
    assert "回款共 110,000.00 元" in rest["说明"]
    co.monthly("2026-11", "12-01 01:00")
    (line,) = [row for row in _attained(co) if row["姓名"] == "张三"]
    assert line["回款金额(元)完成"] == 40000


def _attained(co: Company) -> list[dict[str, Any]]:
    path = co.share / "赵总" / "取件" / "报表" / "指标达成_2026-11.xlsx"
    page_ = openpyxl.load_workbook(path)["本月"]
    lines = [line for line in page_.iter_rows(values_only=True) if any(cell is not None for cell in line)]
    top = next(n for n, line in enumerate(lines) if "姓名" in line)
    return [dict(zip(map(str, lines[top]), line, strict=True)) for line in lines[top + 1 :]]


def test_more_than_was_paid_does_not_go_back_unflagged(co: Company) -> None:
    of = approved_order(co)
    (back,) = paid(co, payment(20000, 回款类型="退款", 订单受理号=of))
    assert "超过受理号" in back["说明"]


def test_a_refund_of_the_same_day_and_amount_is_another_matter_than_the_payment(co: Company) -> None:
    rows = paid(co, payment(), payment(回款类型="退款"))
    assert [row["结果"] for row in rows] == ["待审批", "待审批"]


@pytest.mark.parametrize(("by", "outcome"), [("张三", "待审批"), ("王五", "退回")])
def test_money_for_a_customer_in_the_pool_is_entered_by_its_last_owner(co: Company, by: str, outcome: str) -> None:
    co.nightly("2026-12-23", "12-24 00:30")
    assert co.ask("SELECT owner FROM customers") == [{"owner": None}]
    co.new(by)
    (row,) = paid(co, payment(回款日期="2026-12-24"), at="12-24 10:00", by=by)
    assert row["结果"] == outcome
    assert ("已在公海" in row["说明"]) == (outcome == "待审批")
    if outcome == "退回":
        assert "公海客户的回款由订单的销售人员或原归属人提交" in row["说明"]


def test_a_payment_follows_its_order_when_that_is_replaced(co: Company) -> None:
    co.drop("张三", "合同1.jpg", page(1))
    co.hand_in("张三", "订单.xlsx", 成交订单=[order()])
    co.run("11-23 11:00")
    first = str(co.receipt("张三", "订单").row("成交订单")["受理号"])
    paid(co, payment(回款类型="销售回款", 订单受理号=first), at="11-23 11:30")
    co.hand_in("张三", "订单.xlsx", 成交订单=[order(成交金额=50000)])
    co.run("11-23 12:00")
    second = str(co.receipt("张三", "订单").row("成交订单")["受理号"])
    assert second != first
    co.decide("赵总", sorted((co.share / "赵总" / "取件" / "审批").glob("*.xlsx"))[-1])
    confirm(co, confirmation(co), arrived())
    co.run("11-23 15:00")
    assert co.ask("SELECT order_no, status FROM payments") == [{"order_no": second, "status": "accepted"}]
    (more,) = paid(co, payment(1, 订单受理号=first, 回款日期="2026-11-22"), at="11-23 16:00")
    assert more["结果"] == "待审批"
    assert f"已由受理号 {second} 替换" in more["说明"]
    assert "回款共 50,001.00 元，超过订单金额 50,000.00 元" in more["说明"]


def test_the_former_header_is_still_understood_in_sheets_that_staff_kept(co: Company) -> None:
    of = approved_order(co)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "客户回款"
    sheet.append(["客户名称", "回款类型", "回款日期", "回款金额", "受理号"])
    sheet.append([NAME, "销售回款", "2026-11-23", 50000, of])
    book.save(co.share / "张三" / "投递" / "旧表.xlsx")
    co.run("11-23 14:00")
    assert co.receipt("张三", "旧表").outcomes("客户回款") == ["待审批"]
    assert co.ask("SELECT order_no FROM payments") == [{"order_no": of}]
    assert read(confirmation(co)).row("审批_客户回款")["订单受理号"] == of


def test_a_row_rejected_by_mistake_may_be_dropped_again_unchanged(co: Company) -> None:
    co.hand_in("张三", "日报.xlsx", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    co.decide("李四", co.approval("李四", "销售日报"), "驳回", "看错了人")
    co.run("11-23 18:30")
    co.new("张三")
    co.hand_in("张三", "日报.xlsx", 销售日报=[report("2026-11-23")])
    co.run("11-23 19:00")
    told = co.receipt("张三", "日报").row("销售日报")
    assert told["结果"] == "待审批"
    sheet = co.approval("李四", "销售日报")
    assert "意见：看错了人" in read(sheet).row("审批_销售日报")["系统提示"]
    co.decide("李四", sheet)
    co.run("11-23 19:30")
    statuses = [row["status"] for row in co.ask("SELECT status FROM daily_reports ORDER BY receipt_no")]
    assert statuses == ["rejected", "accepted"]


def test_an_old_copy_does_not_bring_back_what_was_mended_after_a_rejection(co: Company) -> None:
    co.hand_in("张三", "日报.xlsx", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    co.decide("李四", co.approval("李四", "销售日报"), "驳回", "太短")
    co.run("11-23 18:30")
    co.hand_in(
        "张三", "改.xlsx", 销售日报=[report("2026-11-23", 明日工作计划="上午去华新，下午整理报价并发给宏远电子。")]
    )
    co.run("11-23 18:40")
    co.new("张三")
    co.hand_in("张三", "旧.xlsx", 销售日报=[report("2026-11-23")])
    co.run("11-23 19:00")
    told = co.receipt("张三", "旧").row("销售日报")
    assert told["结果"] == "重复"
    assert "为准" in told["说明"]


def test_money_that_nobody_claims_within_three_days_stands_before_cashier_and_sales_manager(co: Company) -> None:
    lines = [bank_line("A1"), bank_line("B1", "深圳市宏远电子有限公", 8000), bank_line("C1", "佛山顺德机械厂", 700)]
    co.hand_in("吴纳", "流水.xlsx", 银行流水=lines)
    co.run("11-23 13:00")
    paid(co, payment())  # A1 waits for the cashier: it is claimed
    co.nightly("2026-11-25", "11-26 00:30")
    assert not list(co.share.glob("*/取件/报表/**/未认领到账*"))
    co.nightly("2026-11-26", "11-27 00:30")
    for name in ("吴纳", "赵总"):
        assert [row["流水号"] for row in _unclaimed(co, name, "2026-11-26")] == ["B1", "C1"]
    assert not list((co.share / "李四").glob("取件/报表/**/未认领到账*"))
    (like, odd) = _unclaimed(co, "吴纳", "2026-11-26")
    assert f"{NAME}（张三）" in like["可能的客户（归属人）"]
    assert (odd["可能的客户（归属人）"], odd["到账金额(元)"], odd["已过天数"]) == (None, 700, 3)


def test_claimed_money_leaves_the_list_which_says_so_once(co: Company) -> None:
    co.hand_in("吴纳", "流水.xlsx", 银行流水=[bank_line("A1")])
    co.run("11-23 13:00")
    co.nightly("2026-11-26", "11-27 00:30")
    paid(co, payment(), at="11-27 10:00")
    co.nightly("2026-11-27", "11-28 00:30")
    assert _unclaimed(co, "吴纳", "2026-11-27") == []
    co.nightly("2026-11-28", "11-29 00:30")
    assert not list(co.share.glob("*/取件/报表/**/未认领到账_2026-11-28.xlsx"))


def _unclaimed(co: Company, name: str, day: str) -> list[dict[str, Any]]:
    (path,) = (co.share / name / "取件" / "报表").glob(f"**/未认领到账_{day}.xlsx")
    lines = list(openpyxl.load_workbook(path)["未认领到账"].iter_rows(values_only=True))
    return [dict(zip(map(str, lines[2]), line, strict=True)) for line in lines[3:]]
