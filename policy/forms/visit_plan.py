"""拜访计划: whom to visit when, and what for (客户拜访 5.3)."""

from policy.columns import Day, LongText, Text
from policy.form import Form, column
from policy.posts import REVIEW
from policy.words import fold


class VisitPlan(
    Form,
    sheet="拜访计划",
    code="plan",
    clause="visit.5.3",
    submitters=("销售人员",),
    chain=REVIEW,
    about="提前报备拜访计划；按计划完成的拜访会在审批单上注明。",
):
    """One planned visit."""

    customer: Text = column("客户名称", help="客户档案中的名称", example="深圳市宏远电子有限公司", width=28)
    date: Day = column("计划日期", help="准备哪天拜访", example="2026-11-24", kind="date", width=14)
    purpose: LongText = column(
        "拜访目的",
        help="这次拜访要达成什么",
        example="确认二期设备数量和交期",
        clause="visit.5.1.1",
        kind="long",
        width=40,
        least="min_purpose",
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """One plan a customer, person and day."""
        return (fold(self.customer), submitter, self.date.isoformat())
