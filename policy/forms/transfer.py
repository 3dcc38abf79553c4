"""客户转交: customers handed over to a colleague (客户转交 8)."""

from policy.columns import LongText, Names, Text
from policy.form import Form, column
from policy.posts import REVIEW
from policy.words import fold

ALL = "全部"
LEAVES = "离职"
REASONS = ("岗位变动", "范围调整", LEAVES)


class Transfer(
    Form,
    sheet="客户转交",
    code="transfer",
    keyed_by_day=True,
    clause="transfer.8",
    submitters=("销售人员", "部门经理", "销售经理"),
    chain=REVIEW,
    moves_customers=True,
    correctable=("reason", "description"),
    read_columns=("转交客户",),
    judged=("客户名称", "接受人", "转交客户", "转交原因", "转交说明"),
    about="把客户转交给同事；历史记录随客户保留。已离职或不在岗的同事的客户由部门经理（没有的由销售经理）转交。",
):
    """One customer, or all of them, for one receiver."""

    customer: Text = column(
        "客户名称",
        help="要转交的客户；全部转交填 全部",
        example="深圳市宏远电子有限公司",
        clause="transfer.8.1",
        width=28,
    )
    receiver: Text = column("接受人", help="接手的销售人员", example="王五", clause="transfer.8.1", width=12)
    reason: Text = column(
        "转交原因",
        help="从列表中选择",
        example="岗位变动",
        clause="transfer.8.2",
        kind="choice",
        options=REASONS,
        width=14,
    )
    description: LongText = column(
        "转交说明",
        help="详细写明转交的原因",
        example="本人调往销售二部，原华南客户由王五继续跟进",
        clause="transfer.8.2",
        kind="long",
        width=40,
        least="min_summary",
    )
    shared: Names = column(
        "共享人员",
        help="转交后共享的同事，多人用顿号隔开",
        example="赵六",
        clause="transfer.8.3",
        kind="names",
        required=False,
        width=16,
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """Customer and receiver; 全部 is each one's own; the day is added on arrival."""
        whose = submitter if self.customer == ALL else ""
        return (fold(self.customer), whose, self.receiver)
