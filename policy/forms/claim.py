"""客户申领: a customer taken from the public pool (客户申领 4)."""

from policy.columns import LongText, Names, Text
from policy.form import Form, column
from policy.posts import REVIEW
from policy.words import fold


class Claim(
    Form,
    sheet="客户申领",
    code="claim",
    keyed_by_day=True,
    clause="claim.4",
    submitters=("销售人员",),
    judged=("客户名称", "申领说明", "共享人员"),
    chain=REVIEW,
    moves_customers=True,
    about="申领公海中的客户；先到先得，审批期间为您保留。",
):
    """One customer claimed by whoever drops the sheet."""

    customer: Text = column(
        "客户名称", help="“公海客户”中的名称", example="广州市华新贸易有限公司", clause="claim.4.1", width=28
    )
    shared: Names = column(
        "共享人员",
        help="可共同跟进的同事，多人用顿号隔开",
        example="王五",
        clause="claim.4.2",
        kind="names",
        required=False,
        width=18,
    )
    remark: LongText | None = column(
        "申领说明",
        help="为什么申领、准备怎样跟进",
        example="曾在展会上接触过采购经理",
        kind="long",
        required=False,
        width=40,
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """One claim a customer and person; the day is added on arrival."""
        return (fold(self.customer), submitter)
