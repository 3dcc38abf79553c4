"""成交订单: a signed contract, with pictures of all its pages (客户成交 5.1)."""

from policy.columns import Day, Fen, PhotoNames, Text
from policy.form import PICTURES_SAY, Form, column
from policy.posts import SALES_MANAGER, SUPERVISION
from policy.words import fold


class Order(
    Form,
    sheet="成交订单",
    code="order",
    clause="order.5.1",
    submitters=("销售人员",),
    chain=(SALES_MANAGER, SUPERVISION),
    read_columns=("合同照片页数", PICTURES_SAY),
    judged=("客户名称", "成交日期", "成交金额", "合同编号"),
    correctable=("contract_no", "signed_on", "amount_fen"),
    added=("opportunity",),
    about="签订合同后录入；合同每一页都要拍照（或放入 PDF），由销售经理审批。",
):
    """One contract."""

    customer: Text = column(
        "客户名称", help="签订合同的客户", example="深圳市宏远电子有限公司", clause="order.5.1.1", width=28
    )
    contract_no: Text | None = column(
        "合同编号", help="合同上的编号", example="HY-2026-118", clause="order.5.1.2", required=False, width=18
    )
    signed_on: Day = column(
        "成交日期",
        help="合同签订日期",
        example="2026-11-23",
        clause="order.5.1.2",
        kind="date",
        width=14,
        latest="today",
    )
    amount_fen: Fen = column(
        "成交金额", help="合同金额（元）", example="128000.00", clause="order.5.1.2", kind="money", width=16
    )
    contract_photos: PhotoNames = column(
        "合同照片",
        help="合同各页照片或扫描件的文件名，多个用顿号隔开；照片也可直接插入单元格",
        example="合同1.jpg、合同2.jpg",
        clause="order.5.1.3",
        kind="photos",
        width=24,
    )

    opportunity: Text | None = column(
        "商机名称", help="由哪个商机成交的，没有就空着", example="二期设备采购", required=False, width=20
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """The contract's number; without one: customer, date, amount and the pictures themselves."""
        if self.contract_no:
            return (fold(self.customer), fold(self.contract_no))
        return (fold(self.customer), self.signed_on.isoformat(), str(self.amount_fen), *sorted(photos))
