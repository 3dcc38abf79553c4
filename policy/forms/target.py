"""销售指标: what is to be reached in a month (指标编审 11)."""

from __future__ import annotations

from policy.columns import Count, Day, Fen, Text
from policy.form import Form, column
from policy.posts import SALES_MANAGER


class Target(
    Form,
    sheet="销售指标",
    code="target",
    clause="target.11",
    submitters=("销售人员", "部门经理", "销售经理"),
    chain=(SALES_MANAGER,),
    correctable=("orders_fen", "payments_fen", "visits", "new_customers"),
    about="编制月度销售指标：本人编制自己的，经理编制团队的；由销售经理审批。",
):
    """One person's targets of one month."""

    year: Count = column("年度", help="四位数年份", example="2026", clause="target.11.1", kind="integer", width=8)
    month: Count = column("月份", help="1 到 12", example="12", clause="target.11.1", kind="integer", width=8)
    start: Day = column(
        "开始日期", help="当月第一天", example="2026-12-01", clause="target.11.2", kind="date", width=14
    )
    end: Day = column(
        "结束日期", help="当月最后一天", example="2026-12-31", clause="target.11.2", kind="date", width=14
    )
    name: Text = column("姓名", help="指标属于谁", example="张三", clause="target.11", width=12)
    orders_fen: Fen = column(
        "成交金额指标", help="成交金额（元）", example="300000", clause="target.11", kind="money", width=16
    )
    payments_fen: Fen | None = column(
        "回款金额指标",
        help="回款金额（元）",
        example="200000",
        clause="target.11",
        kind="money",
        required=False,
        width=16,
    )
    visits: Count | None = column(
        "拜访次数指标",
        help="通过审批的拜访次数",
        example="20",
        clause="target.11",
        kind="integer",
        required=False,
        width=14,
    )
    new_customers: Count | None = column(
        "新增客户指标", help="新增客户个数", example="5", clause="target.11", kind="integer", required=False, width=14
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """One target a person and month."""
        return (self.name, f"{self.year:04d}-{self.month:02d}")
