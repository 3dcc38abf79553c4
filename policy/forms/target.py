"""销售指标: what is to be reached in a month, a quarter or a year (指标编审 11)."""

from policy.columns import Count, Day, Fen, Text
from policy.form import Form, column
from policy.periods import KINDS, MONTHLY, QUARTERLY, Period, period_of
from policy.posts import SALES_MANAGER


class Target(
    Form,
    sheet="销售指标",
    code="target",
    clause="target.11",
    submitters=("销售人员", "部门经理", "销售经理"),
    chain=(SALES_MANAGER,),
    correctable=("orders_fen", "payments_fen", "visits", "new_customers"),
    added=("period",),
    about="编制月度、季度或年度销售指标：本人编制自己的，经理编制团队的；由销售经理审批。",
):
    """One person's targets of one period."""

    year: Count = column("年度", help="四位数年份", example="2026", clause="target.11.1", kind="integer", width=8)
    period: Text | None = column(
        "期间类型",
        help="月度、季度或年度，空着就是月度",
        example="月度",
        clause="target.11.1",
        kind="choice",
        options=KINDS,
        required=False,
        width=10,
    )
    month: Count = column(
        "月份",
        help="期间的序号：月度 1 到 12，季度 1 到 4，年度 1",
        example="12",
        clause="target.11.1",
        kind="integer",
        width=8,
    )
    start: Day = column(
        "开始日期", help="期间的第一天", example="2026-12-01", clause="target.11.2", kind="date", width=14
    )
    end: Day = column(
        "结束日期", help="期间的最后一天", example="2026-12-31", clause="target.11.2", kind="date", width=14
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
        """One target a person and period."""
        within = {MONTHLY: f"-{self.month:02d}", QUARTERLY: f"-Q{self.month}"}.get(self.kind, "")
        return (self.name, f"{self.year:04d}{within}")

    @property
    def kind(self) -> str:
        """月度, 季度 or 年度; what is not said is 月度."""
        return self.period or MONTHLY

    @property
    def span(self) -> Period | None:
        """The period; None where there is none of that number."""
        return period_of(self.kind, self.year, self.month)
