"""客户回款: money that a customer has paid, to be confirmed by the cashier (客户回款 6)."""

from __future__ import annotations

from policy.columns import Day, Fen, Text
from policy.form import Form, column
from policy.posts import CASHIER
from policy.words import fold

ADVANCE, SALES = "预付款", "销售回款"


class Payment(
    Form,
    sheet="客户回款",
    code="payment",
    clause="payment.6.1",
    judged=("客户名称", "回款日期", "回款金额", "订单受理号"),
    submitters=("销售人员",),
    chain=(CASHIER,),
    about="登记客户付款；出纳核对到账的客户、日期和金额，三项一致才确认。",
):
    """One payment."""

    customer: Text = column(
        "客户名称", help="付款的客户", example="深圳市宏远电子有限公司", clause="payment.6.1.1", width=28
    )
    kind: Text = column(
        "回款类型", help="预付款或销售回款", example="销售回款", kind="choice", options=(ADVANCE, SALES), width=12
    )
    paid_on: Day = column(
        "回款日期", help="款项到账的日期", example="2026-11-23", clause="payment.6.1.2", kind="date", width=14
    )
    amount_fen: Fen = column(
        "回款金额", help="到账金额（元）", example="50000.00", clause="payment.6.1.2", kind="money", width=16
    )
    order_no: Text | None = column(
        "订单受理号",
        help="所付订单的受理号",
        example="261123-0007",
        clause="payment.6.1.1",
        required=False,
        width=16,
        former=("受理号",),
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """Customer, day, amount, person and order."""
        return (fold(self.customer), self.paid_on.isoformat(), str(self.amount_fen), submitter, self.order_no or "")
