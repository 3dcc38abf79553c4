"""银行流水: what has arrived at the bank, entered by the cashier (客户回款 6.2)."""

from policy.columns import Day, Fen, LongText, Text
from policy.form import Form, column


class BankLine(
    Form,
    sheet="银行流水",
    code="bank",
    clause="payment.6.2",
    submitters=("出纳",),
    correctable=("arrived_on", "payer", "amount_fen", "memo"),
    about="登记银行到账流水；系统据此为客户回款提出核对建议，由出纳确认。",
):
    """One line of the bank statement."""

    arrived_on: Day = column(
        "到账日期",
        help="银行入账日期",
        example="2026-11-23",
        clause="payment.6.2.2",
        kind="date",
        width=14,
        latest="today",
    )
    payer: Text = column(
        "付款方名称", help="银行流水上的付款方", example="深圳市宏远电子有限公司", clause="payment.6.2.1", width=28
    )
    amount_fen: Fen = column(
        "到账金额", help="入账金额（元）", example="50000.00", clause="payment.6.2.3", kind="money", width=16
    )
    serial: Text = column("流水号", help="银行流水号", example="20261123000187", width=22)
    memo: LongText | None = column("摘要", help="银行摘要", example="货款", kind="long", required=False, width=28)

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """The bank's own serial number."""
        return (self.serial,)
