"""Ways out for 更正: what cannot be put right here, or not so, can be put right otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.company import Cells, Company, a_company_with_a_customer, change, report
from tests.deals import CASHIER, approved_order, arrived, bank_line, confirm, confirmation, order, page, payment
from tests.ways.way import Row, Scene, Way, decided

Number = Callable[[Company], str]


def mend(
    number: Number, column: str | None = "成交金额", value: Any = 90000, **other: Any
) -> Callable[[Company], Cells]:
    """A row of 更正 about a row whose 受理号 the play knows; without a column it makes the row void."""
    return lambda co: {
        "受理号": number(co), "处理": "更正" if column else "作废", "列": column, "新值": value, "原因": "录入时看错了合同", **other,
    }  # fmt: skip


def of(question: str) -> Number:
    """The one 受理号 that answers a question to the views."""

    def number(co: Company) -> str:
        (row,) = co.ask(question)
        return str(next(iter(row.values())))

    return number


ORDER = of("SELECT receipt_no FROM orders WHERE status = 'accepted'")
VOID = of("SELECT receipt_no FROM orders WHERE status = 'superseded'")
PAYMENT = of("SELECT receipt_no FROM payments WHERE status = 'accepted'")
LINE = of("SELECT receipt_no FROM bank_lines WHERE serial = 'A1'")
REPORT = of("SELECT receipt_no FROM daily_reports")
CUSTOMER = of("SELECT receipt_no FROM customers")
MENDED = of("SELECT receipt_no FROM corrections WHERE action = '更正'")


def _stage(folder: Path) -> Company:
    """An order that was corrected once, one made void, a payment confirmed by a bank line, a report that waits."""
    co = a_company_with_a_customer(folder)
    co.found([CASHIER], "11-23 09:40")
    co.new("张三")
    first, second = approved_order(co), approved_order(co, "11-23 11:00", seed=2, 合同编号="HY-2", 成交金额=80000)
    co.hand_in("吴纳", "流水.xlsx", 银行流水=[bank_line("A1", amount=60000)])
    co.hand_in("张三", "事.xlsx", 更正=[mend(lambda _: first, value=95000)(co), mend(lambda _: second, None, None)(co)],
               客户回款=[payment(60000, 回款类型="销售回款", 订单受理号=first)], 销售日报=[report("2026-11-23")])  # fmt: skip
    co.run("11-23 12:00")
    decided(co, "赵总", "更正", "11-23 12:10", {"张三": "同意"})
    confirm(co, confirmation(co), arrived(amount=60000))
    co.drop("张三", "新合同.jpg", page(3))
    co.run("11-23 12:30")
    for name in ("张三", "吴纳"):
        co.new(name)
    return co


def _void_payment(co: Company) -> None:
    """The payment is made void, and the cashier agrees: the bank line is free."""
    co.hand_in("张三", "作废.xlsx", 更正=[mend(PAYMENT, None, None)(co)])
    co.run("11-23 14:00")
    sheet = co.approval("吴纳", "更正")
    co.decide("吴纳", sheet)
    co.run("11-23 14:30")
    for name in ("张三", "吴纳"):
        co.new(name)


def _put_right(
    rule: str, wrong: Callable[[Company], Cells], says: str, right: Callable[[Company], Cells], **other: Any
) -> Way:
    return Way(rule, Row("张三", "更正", wrong), says, (Row("张三", "更正", right),), **other)


CORRECTIONS: tuple[Way, ...] = (
    _put_right("correction.row.known", mend(lambda _: "261123-9999"), "请核对受理号", mend(ORDER)),
    _put_right("correction.row.own_kind", mend(MENDED, "新值", 1), "请对原来那一行", mend(ORDER, value=90001)),
    Way(
        "correction.row.form", Row("张三", "更正", mend(CUSTOMER, "联系人", "李明")), "请用“信息变更”改回正确的内容",
        (Row("张三", "信息变更", change(联系人="李明")),),
    ),
    Way(
        "correction.row.standing", Row("张三", "更正", mend(REPORT, "明日工作计划", "全天整理投标文件")), "改好原表直接再投递",
        (Row("张三", "销售日报", report("2026-11-23", 明日工作计划="全天整理投标文件，晚上校对。")),),
    ),
    Way(
        "correction.row.standing", Row("张三", "更正", mend(VOID, value=81000)), "请重新投递一行",
        (Row("张三", "成交订单", order("新合同.jpg", 合同编号="HY-2", 成交金额=81000)),),
    ),
    Way(
        "correction.row.mine", Row("王五", "更正", mend(ORDER, value=90002)), "当时的审批人或企管部提交更正",
        (Row("钱督", "更正", mend(ORDER, value=90002)),),
    ),
    Way(
        "correction.row.used", Row("吴纳", "更正", mend(LINE, "到账金额", 61000)), "请先更正或作废受理号",
        (Row("吴纳", "更正", mend(LINE, "到账金额", 61000)),), _void_payment,
    ),
    _put_right("correction.column.given", mend(ORDER, value=None), "请填写要改的列和新值", mend(ORDER, value=90003)),
    _put_right("correction.column.known", mend(ORDER, "合同照片", "新合同.jpg"), "其余请作废后重新投递", mend(ORDER, None, None)),
    _put_right("correction.value.right", mend(ORDER, value="很多"), "请按原表这一列的要求填写新值", mend(ORDER, value=90004)),
    _put_right("correction.value.new", mend(ORDER, "合同编号", "HY-1"), "现在的内容见那一行的回执", mend(ORDER, "合同编号", "HY-9")),
    _put_right("correction.reason.substantial", mend(ORDER, value=90006, 原因="改"), "请写清原因", mend(ORDER, value=90006)),
)  # fmt: skip

MENDING = Scene("更正", _stage, CORRECTIONS, "11-23 13:00", "11-23 16:00")
