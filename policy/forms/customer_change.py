"""信息变更: changes to a customer's particulars, under the rules for a new one (信息变更 9)."""

from policy.columns import LongText, Names, Phone, PhotoNames, Text
from policy.form import PICTURES_SAY, Form, column
from policy.posts import REVIEW
from policy.words import fold

NOBODY = ("无",)  #: what 共享人员 says to be emptied: blank leaves it as it is


class CustomerChange(
    Form,
    sheet="信息变更",
    code="change",
    clause="change.9",
    submitters=("销售人员", "部门经理", "销售经理"),
    chain=REVIEW,
    moves_customers=True,
    read_columns=("变更内容", PICTURES_SAY),
    judged=("客户名称", "变更内容", "变更说明"),
    about="修改客户资料；只填要改的列，空着的保持不变，由部门经理审批。",
):
    """One customer's changes; blank columns stay as they are."""

    customer: Text = column(
        "客户名称", help="客户现在的名称", example="深圳市宏远电子有限公司", clause="change.9.1", width=28
    )
    new_name: Text | None = column(
        "新客户名称",
        help="与有效证件一致的新名称",
        example="深圳市宏远电子股份有限公司",
        clause="change.9.1",
        required=False,
        width=28,
    )
    source: Text | None = column(
        "客户来源",
        help="从列表中选择",
        example="老客户",
        clause="change.9.3",
        kind="choice",
        choices="sources",
        required=False,
        width=12,
    )
    front_photos: PhotoNames = column(
        "门头照片",
        help="新的门头照片文件名",
        example="新门头.jpg",
        clause="change.9.2",
        kind="photos",
        required=False,
        width=18,
    )
    type: Text | None = column(
        "客户类型",
        help="从列表中选择",
        example="民营企业",
        clause="change.9.4",
        kind="choice",
        choices="types",
        required=False,
        width=12,
    )
    contact: Text | None = column(
        "联系人", help="新的主要联系人", example="王芳", clause="change.9.7", required=False, width=10
    )
    phone: Phone | None = column(
        "联系电话",
        help="新的联系电话",
        example="13900139000",
        clause="change.9.8",
        kind="phones",
        required=False,
        width=16,
    )
    area: Text | None = column(
        "客户地址",
        help="写到省/市/区，直辖市写 北京市/朝阳区",
        example="广东省/深圳市/宝安区",
        clause="change.9.6",
        required=False,
        width=22,
    )
    address: LongText | None = column(
        "详细地址",
        help="写到楼栋和门牌",
        example="新安街道创业一路1号2栋301室",
        clause="change.9.6",
        kind="long",
        required=False,
        width=28,
    )
    region: Text | None = column(
        "销售区域",
        help="按本公司区域划分选择",
        example="华南",
        clause="change.9.5",
        kind="choice",
        choices="regions",
        required=False,
        width=10,
    )
    shared: Names = column(
        "共享人员",
        help="新的共享人员（整体替换）；填 无 就是取消全部共享",
        example="王五、赵六",
        clause="change.9.9",
        kind="names",
        required=False,
        width=16,
    )
    explanation: LongText = column(
        "变更说明", help="为什么变更", example="客户搬迁并更名", kind="long", width=30, least="min_purpose"
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """Customer and content: another content is another change; so is changing back, which is explained otherwise."""
        given = (getattr(self, name) for name in type(self).model_fields if name != "customer")
        words = ("、".join(value) if isinstance(value, tuple) else str(value or "") for value in given)
        return (fold(self.customer), *words, *sorted(photos))
