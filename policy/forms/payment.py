"""客户回款: money that a customer has paid, to be confirmed by the cashier (客户回款 6)."""

from policy.columns import Day, Fen, Text
from policy.form import Form, column
from policy.posts import CASHIER
from policy.words import fold

ADVANCE, SALES, REFUND = "预付款", "销售回款", "退款"


class Payment(
    Form,
    sheet="客户回款",
    code="payment",
    clause="payment.6.1",
    judged=("客户名称", "回款日期", "回款金额", "订单受理号"),
    submitters=("销售人员", "部门经理", "销售经理"),
    chain=(CASHIER,),
    correctable=("kind", "paid_on", "amount_fen", "order_no", "serial"),
    about="登记客户付款；出纳核对到账的客户、日期和金额，三项一致才确认。退给客户的钱选 退款，从回款中减去。"
    "已离职或不在岗的同事的，由部门经理（没有的由销售经理）登记，仍算他们的回款。",
    twice="确有两笔相同的回款，请在“流水号”填写各自的银行流水号，或写 第2笔，再投递",
    added=("serial",),
):
    """One payment."""

    customer: Text = column(
        "客户名称", help="付款的客户", example="深圳市宏远电子有限公司", clause="payment.6.1.1", width=28
    )
    kind: Text = column(
        "回款类型",
        help="预付款、销售回款；退给客户的选退款",
        example="销售回款",
        kind="choice",
        options=(ADVANCE, SALES, REFUND),
        width=12,
    )
    paid_on: Day = column(
        "回款日期",
        help="款项到账的日期",
        example="2026-11-23",
        clause="payment.6.1.2",
        kind="date",
        width=14,
        latest="today",
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
    serial: Text | None = column(
        "流水号",
        help="银行流水号；同一天有两笔相同金额的必须填写，没有流水号的写 第2笔",
        example="20261123000187",
        clause="payment.6.1.2",
        required=False,
        width=22,
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """Customer, day, amount, person and order; what tells a second equal payment, and a refund, from the first."""
        more = (fold(self.serial),) if self.serial else ()
        back = (REFUND,) if self.kind == REFUND else ()
        order = self.order_no or ""
        return (fold(self.customer), self.paid_on.isoformat(), str(self.amount_fen), submitter, order, *more, *back)
