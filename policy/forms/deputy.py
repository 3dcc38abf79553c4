"""审批代理: who decides while an approver is away (适用范围 2)."""

from policy.columns import Day, Text
from policy.form import Form, column


class Deputy(
    Form,
    sheet="审批代理",
    code="deputy",
    clause="scope.2",
    submitters=("部门经理", "销售经理", "出纳", "企管部"),
    about="请假或出差期间把审批交给同事；没有处理的审批单也一并转过去，到期自动转回。",
):
    """One approver's absence."""

    principal: Text = column("委托人", help="离开的审批人；销售经理可以替部门经理填写", example="李四", width=12)
    deputy: Text = column("代理人", help="这段时间代为审批的同事", example="周八", width=12)
    start: Day = column("开始日期", help="第一天", example="2026-11-24", kind="date", width=14)
    end: Day = column("结束日期", help="最后一天（含）", example="2026-11-25", kind="date", width=14)
    reason: Text = column("原因", help="例如 年假、出差", example="年假", width=30)

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """The same approver and the same days."""
        return (self.principal, self.deputy, self.start.isoformat(), self.end.isoformat())
