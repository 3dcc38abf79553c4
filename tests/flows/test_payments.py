"""客户回款 and 银行流水, played through folders: three things compared, and only full agreement confirms (客户回款 6)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.company import Company, customer, read, shot
from tests.deals import (
    NAME,
    a_company_with_a_cashier,
    approved_order,
    arrived,
    bank_line,
    confirm,
    confirmation,
    paid,
    payment,
    ready,
    sheet_is_returned,
)

FORM = "审批_客户回款"
OTHER = "深圳市华新科技有限公司"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_cashier(tmp_path) as made:
        yield made


def booked(co: Company, *lines: Any, at: str = "11-23 13:00") -> list[dict[str, Any]]:
    """The rows of the receipt for these bank lines."""
    co.hand_in("吴纳", "流水.xlsx", 银行流水=lines)
    co.run(at)
    return co.receipt("吴纳", "流水").rows("银行流水")


def number(co: Company) -> str:
    """受理号 of the one payment."""
    (row,) = co.ask("SELECT receipt_no FROM payments")
    return str(row["receipt_no"])


def statuses(co: Company) -> list[str]:
    return [row["status"] for row in co.ask("SELECT status FROM payments ORDER BY receipt_no")]


def test_a_payment_that_the_bank_knows_is_proposed_and_confirmed(co: Company) -> None:
    assert [row["结果"] for row in booked(co, bank_line("S1", "深圳市宏远电子　有限公司"))] == ["已受理"]
    (row,) = paid(co, payment("5万"))
    assert row["结果"] == "待审批"
    sheet = confirmation(co)
    shown = read(sheet).row(FORM)
    assert (shown["提交人"], shown["客户名称"]) == ("张三", NAME)
    assert ready(sheet) == [("深圳市宏远电子 有限公司", "2026-11-23", 50000)]
    confirm(co, sheet, {})
    co.run("11-23 15:00")
    assert co.receipt("吴纳").outcomes(FORM) == ["已受理"]
    told = co.receipt("张三", "审批结果")
    assert told.outcomes("客户回款") == ["已受理"]
    assert co.ask("SELECT customer, salesperson, paid_on, amount_fen, status FROM payments") == [
        {"customer": NAME, "salesperson": "张三", "paid_on": "2026-11-23", "amount_fen": 5_000_000,
         "status": "accepted"}]  # fmt: skip
    assert co.ask("SELECT serial, used_by FROM bank_lines") == [{"serial": "S1", "used_by": number(co)}]
    assert co.ask("SELECT last_followed_on AS day FROM customers") == [{"day": "2026-11-23"}]


@pytest.mark.parametrize(
    ("lines", "proposed"),
    [
        ([bank_line("S1", "深圳市宏远电孑有限公司")], ("深圳市宏远电孑有限公司", "2026-11-23", 50000)),
        ([bank_line("S1"), bank_line("S2")], (None, None, None)),
        ([bank_line("S1", 到账金额=50000.01)], (None, None, None)),
        ([bank_line("S1", OTHER)], (None, None, None)),
        ([bank_line("S1", 到账日期="2026-11-16")], (None, None, None)),
        ([], (None, None, None)),
    ],
    ids=["a like name", "a tie", "another amount", "another payer", "another week", "no statement"],
)
def test_only_what_fits_is_written_in_beforehand(co: Company, lines: list[Any], proposed: tuple[Any, ...]) -> None:
    if lines:
        booked(co, *lines)
    paid(co, payment())
    assert ready(confirmation(co)) == [proposed]


@pytest.mark.parametrize(
    ("given", "differs", "agree"),
    [
        (arrived(OTHER), f"到账客户名称：不一致（登记 {NAME}，到账 {OTHER}）", ("到账日期：一致", "到账金额：一致")),
        (arrived(day="2026-11-24"), "到账日期：不一致（登记 2026-11-23，到账 2026-11-24）", ("到账客户名称：一致", "到账金额：一致")),
        (arrived(amount=49999.99), "到账金额：不一致（登记 50,000.00 元，到账 49,999.99 元）", ("到账客户名称：一致", "到账日期：一致")),
    ],
)  # fmt: skip
def test_any_difference_sends_it_back_with_both_values(
    co: Company, given: Any, differs: str, agree: tuple[str, ...]
) -> None:
    paid(co, payment())
    confirm(co, confirmation(co), given)
    co.run("11-23 15:00")
    told = co.receipt("张三", "审批结果")
    assert told.outcomes("客户回款") == ["退回"]
    for words in (differs, *agree):
        assert words in told.text
    cashier = co.receipt("吴纳")
    assert "核对不一致，已退回提交人" in cashier.row(FORM)["说明"]
    assert "请留意" in cashier.text
    assert statuses(co) == ["rejected"]
    assert co.ask("SELECT decision FROM decisions WHERE receipt_no = ?", number(co)) == [{"decision": "驳回"}]
    assert co.ask("SELECT last_followed_on AS day FROM customers") == [{"day": None}]


def test_after_the_cashiers_slip_the_same_payment_may_come_again(co: Company) -> None:
    paid(co, payment())
    confirm(co, confirmation(co), arrived(amount=49999.99))
    co.run("11-23 15:00")
    co.new("张三")
    (again,) = paid(co, payment(), at="11-23 16:00")
    assert again["结果"] == "待审批"
    confirm(co, confirmation(co), arrived())
    co.run("11-23 17:00")
    assert sorted(statuses(co)) == ["accepted", "rejected"]


def test_what_agrees_is_confirmed_however_it_is_written(co: Company) -> None:
    paid(co, payment())
    confirm(co, confirmation(co), arrived("深圳市宏远电子有限公司 ", "2026年11月23日", "￥5万"))
    co.run("11-23 15:00")
    assert statuses(co) == ["accepted"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (arrived(None), "“到账客户名称”没有填写"),
        (arrived(day=None), "“到账日期”没有填写"),
        (arrived(amount=None), "“到账金额”没有填写"),
        (arrived(day="11/23"), "看不出是哪一天"),
        (arrived(amount="五万"), "不是金额"),
    ],
)
def test_a_confirmation_with_a_blank_or_an_odd_value_decides_nothing(co: Company, given: Any, words: str) -> None:
    paid(co, payment())
    sheet = confirmation(co)
    confirm(co, sheet, given)
    co.run("11-23 15:00")
    back = co.receipt("吴纳")
    assert back.outcomes(FORM) == ["退回"]
    assert words in back.row(FORM)["说明"]
    assert (statuses(co), co.new("张三")) == (["pending"], [])
    book = openpyxl.load_workbook(back.path)
    page = book[FORM]
    at = {cell.value: n for n, cell in enumerate(page[1], 1)}
    for header, value in arrived().items():
        page.cell(2, at[header]).value = value
    book.save(co.share / "吴纳" / "投递" / back.path.name)
    co.run("11-23 15:30")
    assert co.receipt("吴纳").outcomes(FORM) == ["已受理"]
    assert statuses(co) == ["accepted"]


def test_the_cashier_may_reject_outright(co: Company) -> None:
    paid(co, payment())
    confirm(co, confirmation(co), {"审批意见": "没有到账"}, decision="驳回")
    co.run("11-23 15:00")
    assert "吴纳驳回：没有到账" in co.receipt("张三", "审批结果").text
    assert statuses(co) == ["rejected"]


def test_a_returned_payment_is_mended_in_its_receipt_and_dropped_back(co: Company) -> None:
    """The receipt tells the row's own 受理号 and the 订单受理号 of the order that is paid apart."""
    of = approved_order(co)
    paid(co, payment(回款类型="销售回款", 订单受理号=of))
    confirm(co, confirmation(co), arrived(amount=48000))
    co.run("11-23 15:00")
    told = co.receipt("张三", "审批结果")
    book = openpyxl.load_workbook(told.path)
    page = book["客户回款"]
    headers = [cell.value for cell in page[1]]
    assert headers.count("受理号") == headers.count("订单受理号") == 1
    assert page.cell(2, headers.index("订单受理号") + 1).value == of
    page.cell(2, headers.index("回款金额") + 1).value = 48000
    book.save(co.share / "张三" / "投递" / "改好.xlsx")
    co.run("11-23 16:00")
    assert co.receipt("张三", "改好").outcomes("客户回款") == ["待审批"]
    confirm(co, confirmation(co), arrived(amount=48000))
    co.run("11-23 16:30")
    assert co.ask("SELECT amount_fen, order_no FROM payments WHERE status = 'accepted'") == [
        {"amount_fen": 4_800_000, "order_no": of}
    ]


@pytest.mark.parametrize("headers", [("受理号",), ("受理号", "受理号"), ("受理号", "订单受理号")])
def test_sheets_of_older_templates_are_still_understood(co: Company, headers: tuple[str, ...]) -> None:
    """The order's number stood under 受理号, in a receipt without its first columns beside the row's own."""
    of = approved_order(co)
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "客户回款"
    row = {key: value for key, value in payment(回款类型="销售回款").items() if key != "订单受理号"}
    own = ["261120-9999"] if len(headers) == 2 else []
    page.append([*headers[:-1], *row, headers[-1]])
    page.append([*own, *row.values(), of])
    book.save(co.share / "张三" / "投递" / "旧表.xlsx")
    co.run("11-23 14:00")
    told = co.receipt("张三", "旧表").row("客户回款")
    assert (told["结果"], told["订单受理号"]) == ("待审批", of)
    assert co.ask("SELECT order_no FROM payments") == [{"order_no": of}]


def test_a_receipt_dropped_back_unchanged_repeats_nothing(co: Company) -> None:
    of = approved_order(co)
    co.hand_in("张三", "回款.xlsx", 客户回款=[payment(订单受理号=of)])
    co.run("11-23 14:00")
    told = co.receipt("张三", "回款")
    co.drop("张三", told.path.name, told.path.read_bytes())
    co.run("11-23 14:10")
    assert co.receipt("张三").outcomes("客户回款") == ["重复"]
    assert statuses(co) == ["pending"]


def test_part_payments_add_up_and_more_than_the_order_is_flagged(co: Company) -> None:
    of = approved_order(co)
    rows = paid(co, *(payment(amount, 回款类型="销售回款", 订单受理号=of) for amount in (40000, 60000, "0.01")))
    assert [row["结果"] for row in rows] == ["待审批"] * 3
    assert [f"受理号 {of} 的回款共 100,000.01 元，超过订单金额 100,000.00 元" in (row["说明"] or "") for row in rows] == [
        False, False, True]  # fmt: skip
    sheet = confirmation(co)
    shown = read(sheet).rows(FORM)
    assert ["超过订单金额" in (row["系统提示"] or "") for row in shown] == [True, False, False], "flagged rows first"
    confirm(co, sheet, None, arrived(amount=40000), arrived(amount=60000))
    co.run("11-23 15:00")
    assert co.receipt("吴纳").outcomes(FORM) == ["待审批", "已受理", "已受理"]
    (left,) = paid(co, payment(1, 订单受理号=of, 回款日期="2026-11-22"), at="11-23 16:00")
    assert "回款共 100,001.01 元" in left["说明"]


def test_the_same_payment_of_another_kind_is_not_counted_twice(co: Company) -> None:
    of = approved_order(co)
    paid(co, payment(60000, 订单受理号=of))
    (again,) = paid(co, payment(60000, 订单受理号=of, 回款类型="销售回款"), at="11-23 14:10")
    assert "替换了先前提交的" in again["说明"]
    assert "超过订单金额" not in again["说明"]


def test_a_payment_of_another_customer_s_order_or_of_none_is_refused(co: Company) -> None:
    of = approved_order(co)
    co.drop("张三", "客户.jpg", shot("11-23 12:00", 9))
    co.hand_in("张三", "客户.xlsx", 客户新增=[customer(OTHER, 门头照片="客户.jpg")])
    rows = paid(
        co,
        payment(name=OTHER, 订单受理号=of),
        payment(订单受理号="261101-0001"),
        payment(回款类型="销售回款"),
        payment(回款日期="2026-11-24"),
        payment(回款类型="定金"),
    )
    assert [row["结果"] for row in rows] == ["退回", "退回", "待审批", "退回", "退回"]
    for row, words in zip(
        rows, (f"受理号 {of} 的订单不是“{OTHER}”的", "没有受理号为 261101-0001 的成交订单", "没有填写所付订单的受理号",
               "2026-11-24 还没有到", "回款类型"), strict=True,
    ):  # fmt: skip
        assert words in row["说明"]


def test_a_bank_line_is_used_once(co: Company) -> None:
    """Two people enter the same money; the line confirms one, and the other needs a line of its own."""
    booked(co, bank_line("S1"))
    paid(co, payment())
    confirm(co, confirmation(co), {})
    co.run("11-23 15:00")
    co.new("吴纳")
    paid(co, payment(), at="11-23 16:00", by="王五")
    second = confirmation(co)
    assert ready(second) == [(None, None, None)]
    confirm(co, second, arrived())
    co.run("11-23 16:10")
    back = co.receipt("吴纳").row(FORM)
    assert back["结果"] == "退回"
    assert "流水 S1 已用于受理号" in back["说明"]
    assert statuses(co) == ["accepted", "pending"]
    booked(co, bank_line("S2"), at="11-23 16:20")
    confirm(co, second, arrived())
    co.run("11-23 16:30")
    assert statuses(co) == ["accepted", "accepted"]
    assert len({row["used_by"] for row in co.ask("SELECT used_by FROM bank_lines")} - {None}) == 2


def test_one_line_is_not_proposed_to_two_payments_that_wait_together(co: Company) -> None:
    booked(co, bank_line("S1"))
    co.hand_in("王五", "回款.xlsx", 客户回款=[payment()])
    paid(co, payment())
    assert ready(confirmation(co)) == [(None, None, None)] * 2


def test_a_line_under_a_like_name_is_used_up_when_the_cashier_writes_the_customer_s(co: Company) -> None:
    booked(co, bank_line("S1", "深圳市宏远电孑有限公司"))
    paid(co, payment())
    confirm(co, confirmation(co), arrived())
    co.run("11-23 15:00")
    assert co.ask("SELECT used_by FROM bank_lines") == [{"used_by": number(co)}]


def test_bank_lines_twice_are_repetitions_and_another_content_is_refused(co: Company) -> None:
    assert [row["结果"] for row in booked(co, bank_line("S1"), bank_line("S2"))] == ["已受理"] * 2
    rows = booked(
        co, bank_line("S1"), bank_line("S2", 到账金额=1), bank_line("S3", 到账日期="2026-11-25"), at="11-23 13:10"
    )
    assert [row["结果"] for row in rows] == ["重复", "退回", "退回"]
    assert "已经生效" in rows[1]["说明"]
    assert "2026-11-25 还没有到" in rows[2]["说明"]
    assert co.ask("SELECT serial, amount_fen FROM bank_lines ORDER BY serial") == [
        {"serial": "S1", "amount_fen": 5_000_000}, {"serial": "S2", "amount_fen": 5_000_000}]  # fmt: skip


def test_the_same_confirmation_again_counts_once(co: Company) -> None:
    booked(co, bank_line("S1"))
    paid(co, payment())
    sheet = confirmation(co)
    confirm(co, sheet, {})
    confirm(co, sheet, {}, file="确认 - 副本.xlsx")
    co.run("11-23 15:00")
    assert sorted(read(path).row(FORM)["结果"] for path in co.new("吴纳")) == ["已受理", "重复"]
    assert len(co.ask("SELECT 1 FROM decisions WHERE approver = '吴纳'")) == 1


def test_a_confirmation_from_somebody_else_or_with_a_changed_amount_decides_nothing(co: Company) -> None:
    paid(co, payment())
    sheet = confirmation(co)
    confirm(co, sheet, arrived(), cashier="张三")
    confirm(co, sheet, {**arrived(), "回款金额": "1"})
    co.run("11-23 15:00")
    assert "是发给吴纳的" in co.receipt("张三").row(FORM)["说明"]
    assert "锁定的“回款金额”被改动" in co.receipt("吴纳").row(FORM)["说明"]
    assert statuses(co) == ["pending"]


@pytest.mark.parametrize(
    ("name", "form", "row", "may"),
    [
        ("张三", "银行流水", bank_line("S1"), "出纳"),
        ("吴纳", "客户回款", payment(), "销售人员、部门经理、销售经理"),
        ("钱督", "客户回款", payment(), "销售人员、部门经理、销售经理"),
    ],
)
def test_sheets_of_the_wrong_post_come_back_whole(co: Company, name: str, form: str, row: Any, may: str) -> None:
    sheet_is_returned(co, name, form, row, may=may)
