"""日报申诉: whoever is to be fined is heard first (销售日报 7(4))."""

from policy.columns import Day, LongText, PhotoNames
from policy.form import Form, column
from policy.posts import SUPERVISION


class Appeal(
    Form,
    sheet="日报申诉",
    code="appeal",
    clause="daily.7.4",
    submitters=("销售人员",),
    chain=(SUPERVISION,),
    judged=("日期", "申诉理由"),
    about="被记缺交或待核实、自己认为不该扣款的那一天；由企管部决定，决定之前不扣款。",
):
    """One person's objection to one day."""

    date: Day = column("日期", help="被记缺交的那一天", example="2026-11-23", kind="date", width=13)
    reason: LongText = column(
        "申诉理由",
        help="当天发生了什么",
        example="当天在客户工厂调试设备，没有网络，20:30 才出厂",
        kind="long",
        width=50,
        least="min_plan",
    )
    proof: PhotoNames = column(
        "证明照片", help="能证明的照片，可以不附", example="出厂单.jpg", kind="photos", required=False, width=20
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """One objection a person and day."""
        return (submitter, self.date.isoformat())
