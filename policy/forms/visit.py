"""拜访记录: a visit, proved by a photo taken on the spot (客户拜访 5.2)."""

from policy.columns import LongText, Names, PhotoNames, Text
from policy.form import PICTURES_SAY, Form, column
from policy.posts import REVIEW
from policy.words import fold


class Visit(
    Form,
    sheet="拜访记录",
    code="visit",
    clause="visit.5.2",
    submitters=("销售人员", "部门经理", "销售经理"),
    chain=REVIEW,
    read_columns=("销售经理", "客户办公地点", "拜访时间", PICTURES_SAY),
    judged=("客户名称", "拜访目的", "拜访记录"),
    correctable=("met", "purpose", "content", "next_purpose"),
    about="拜访当天连同现场原图一起投递；时间和地点由系统从照片中读取。",
):
    """One visit to one customer."""

    customer: Text = column(
        "客户名称", help="客户档案中的名称", example="深圳市宏远电子有限公司", clause="visit.5.2", width=26
    )
    companions: Names = column(
        "同行人员",
        help="一同拜访的我方同事，没有就空着",
        example="王五",
        clause="visit.5.2.2",
        kind="names",
        required=False,
        width=14,
    )
    photos: PhotoNames = column(
        "现场照片",
        help="现场拍摄的手机原图文件名，与表一起投递；也可直接插入单元格",
        example="IMG_0823.jpg",
        clause="visit.5.2.3",
        kind="photos",
        width=20,
    )
    met: Text = column("拜访对象", help="客户方主要人员的姓名", example="李红", clause="visit.5.2.6", width=12)
    purpose: LongText = column(
        "拜访目的",
        help="这次拜访要达成什么",
        example="确认二期设备数量和交期",
        clause="visit.5.2.7",
        kind="long",
        width=24,
        least="min_purpose",
    )
    content: LongText = column(
        "拜访记录",
        help="与客户洽谈的主要内容，至少写清谈了什么、结果如何",
        example="李经理确认二期需要 40 台，希望春节前交货；我方答应周五前给出报价。",
        clause="visit.5.2.7",
        kind="long",
        width=42,
        least="min_content",
    )
    next_purpose: LongText | None = column(
        "下次拜访目的",
        help="下次拜访要做什么",
        example="带报价单确认合同条款",
        clause="visit.5.1.1",
        kind="long",
        required=False,
        width=22,
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """The same pictures at the same customer are the same visit."""
        return (fold(self.customer), submitter, *sorted(photos))
