"""商机: a deal that may come about, and how far it has come (目的 1)."""

from policy.columns import Day, Fen, LongText, Text
from policy.form import Form, column
from policy.posts import DEPARTMENT_MANAGER, SALES_MANAGER, SALESPERSON
from policy.words import fold

WON, LOST = CLOSED = ("赢单", "输单")


class Opportunity(
    Form,
    sheet="商机",
    code="opportunity",
    clause="purpose.1",
    submitters=(SALESPERSON, DEPARTMENT_MANAGER, SALES_MANAGER),
    read_columns=("可能性",),
    moves_on=True,
    about="登记商机和它的进展；同一个商机再投递一行就是推进一步，每一步都保留。",
):
    """One step of one opportunity."""

    customer: Text = column("客户名称", help="客户档案中的名称", example="深圳市宏远电子有限公司", width=28)
    name: Text = column("商机名称", help="简短的名称，推进时保持不变", example="二期设备采购", width=22)
    stage: Text = column("阶段", help="从列表中选择", example="方案报价", kind="choice", choices="stages", width=12)
    amount_fen: Fen = column("预计金额", help="预计成交的金额（元）", example="128000.00", kind="money", width=16)
    expected_on: Day = column("预计成交日期", help="预计哪天成交", example="2026-12-20", kind="date", width=14)
    next_step: LongText | None = column(
        "下一步", help="接下来做什么", example="周五前送样", kind="long", required=False, width=30
    )
    lost_because: LongText | None = column(
        "输单原因", help="阶段为输单时填写", example="对方预算取消", kind="long", required=False, width=30
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """The customer and the name: the next row moves it on."""
        return (fold(self.customer), fold(self.name))
