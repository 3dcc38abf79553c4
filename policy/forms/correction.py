"""更正: what has taken effect put right, or made void; the old value stays in the journal (目的 1)."""

from policy.columns import LongText, PhotoNames, Text
from policy.form import Form, column
from policy.posts import POSTS

MEND, VOID = "更正", "作废"


class Correction(
    Form,
    sheet="更正",
    code="correction",
    clause="purpose.1",
    submitters=POSTS,
    moves_customers=True,
    read_columns=("原表", "原提交人", "原值"),
    judged=("受理号", "原表", "原提交人", "处理", "列", "原值", "新值", "原因"),
    about="已经生效的内容写错了，用这张表更正或作废；由原来的审批岗位审批，原值一直保留。",
):
    """One cell of one row put right, or the whole row made void."""

    receipt_no: Text = column("受理号", help="写错的那一行的受理号", example="261123-0007", width=16)
    action: Text = column(
        "处理", help="更正一列，或作废整行", example=MEND, kind="choice", options=(MEND, VOID), width=10
    )
    column_name: Text | None = column(
        "列", help="更正时填写：要改的那一列的名称", example="成交金额", required=False, width=14
    )
    value: Text | None = column("新值", help="更正时填写：正确的内容", example="126000.00", required=False, width=24)
    reason: LongText = column(
        "原因", help="为什么要改", example="金额多写了两千元，以合同为准", kind="long", width=36, least="min_purpose"
    )
    proof: PhotoNames = column(
        "证明照片", help="能证明的照片或扫描件的文件名", example="合同1.jpg", kind="photos", required=False, width=18
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """The row, the column and what is to stand in it."""
        if self.action == VOID:
            return (self.receipt_no, VOID)
        return (self.receipt_no, self.column_name or "", self.value or "")
