"""扣款核定: what the software puts before 企管部 by itself, a person's day a row (销售日报 7(3), 7(4))."""

from policy.columns import Day, Fen, LongText, Text
from policy.form import Form, column
from policy.posts import SUPERVISION


class Charge(
    Form,
    sheet="扣款核定",
    code="charge",
    clause="daily.7.4",
    submitters=(),
    chain=(SUPERVISION,),
    judged=("日期", "姓名", "状态", "扣款金额", "依据和证据"),
    about="由系统提出、企管部核定：同意（计）= 计入扣款，驳回（不计）= 划去并写明原因；不需要任何人投递。",
):
    """One day of one person that costs money, or may."""

    date: Day = column("日期", help="没有日报的那一天", example="2026-11-23", kind="date", width=13)
    name: Text = column("姓名", help="日报的责任人", example="张三", width=12)
    state: Text = column("状态", help="缺交、迟交或待核实", example="待核实", width=10)
    amount_fen: Fen = column("扣款金额", help="计入时扣多少", example="20.00", kind="money", width=12)
    evidence: LongText = column(
        "依据和证据",
        help="查看过什么：工作日、豁免、当日交来而没有被接受的内容",
        example="11-23 18:02 投递的文件“日报.xls”没有被接受（不是 .xlsx）",
        kind="long",
        width=60,
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """A person's day."""
        return (self.name, self.date.isoformat())
