"""期初客户: what the company has when the book begins: customers, and what orders still bring (目的 1, 客户新增 3)."""

from policy.columns import Day, Fen, LongText, Names, Phone, Text
from policy.form import Form, column, like
from policy.forms.customer import NewCustomer
from policy.forms.order import Order
from policy.posts import SET_UP
from policy.words import fold

FOLLOWED, POOLED = "跟进中", "公海"  #: 客户状态
_ORDER = "没有未收齐的订单就空着"


class OpeningCustomer(
    Form,
    sheet="期初客户",
    code="opening",
    clause="customer.3.1",
    submitters=(SET_UP,),
    judged=("客户名称", "销售经理", "客户状态"),
    about="建账时带进已有的客户和没有收齐款的订单；只由管理员用 init --customers 登记一次，不从投递文件夹提交。",
):
    """One customer that was there before the book, with one order that is not fully paid, if there is one."""

    name: Text = like(NewCustomer, "name")
    source: Text = like(NewCustomer, "source")
    type: Text = like(NewCustomer, "type")
    contact: Text = like(NewCustomer, "contact")
    phone: Phone = like(NewCustomer, "phone")
    area: Text = like(NewCustomer, "area")
    address: LongText = like(NewCustomer, "address")
    region: Text = like(NewCustomer, "region")
    owner: Text | None = like(NewCustomer, "owner", help="跟进中的客户必填；公海客户空着，或写原来的归属人")
    shared: Names = like(NewCustomer, "shared")
    state: Text = column(
        "客户状态", help="有人跟进，还是已在公海", example=FOLLOWED, clause="claim.4", kind="choice",
        options=(FOLLOWED, POOLED), width=10,
    )  # fmt: skip
    followed_on: Day | None = column(
        "最近跟进日期", help="最近一次拜访或联系，跟进天数从这天起算；不知道就空着，从登记当天起算", example="2026-11-10",
        clause="person.10.2", kind="date", required=False,
    )  # fmt: skip
    contract_no: Text | None = like(Order, "contract_no", help=f"未收齐订单的合同编号；{_ORDER}")
    signed_on: Day | None = like(
        Order, "signed_on", required=False, example="2026-08-03",
        help="未收齐订单的签订日期；一个客户有几笔，就写几行，客户资料照抄",
    )  # fmt: skip
    amount_fen: Fen | None = like(Order, "amount_fen", required=False, help="这笔订单的合同金额（元）")
    unpaid_fen: Fen | None = column(
        "未收金额", help="这笔订单还没有收到的金额（元）", example="48000.00", clause="payment.6.1.2", kind="money",
        required=False, width=16,
    )  # fmt: skip

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """A customer is entered once, and so is each of its orders."""
        if self.contract_no:
            return (fold(self.name), fold(self.contract_no))
        if self.signed_on and self.amount_fen:
            return (fold(self.name), self.signed_on.isoformat(), str(self.amount_fen))
        return (fold(self.name), "")
