"""客户新增: a new customer, with its shop front (客户新增 3)."""

from policy.columns import LongText, Names, Phone, PhotoNames, Text
from policy.form import PICTURES_SAY, Form, column
from policy.posts import REVIEW
from policy.words import fold


class NewCustomer(
    Form,
    sheet="客户新增",
    code="customer",
    clause="customer.3.1",
    submitters=("销售人员", "部门经理", "销售经理"),
    chain=REVIEW,
    moves_customers=True,
    read_columns=("门头照片位置", PICTURES_SAY),
    judged=("客户名称", "客户地址", "详细地址", "联系人", "联系电话"),
    about="登记新客户；部门经理审批通过后进入客户档案。",
):
    """One customer to be added to the book."""

    name: Text = column(
        "客户名称",
        help="与营业执照等有效证件完全一致",
        example="深圳市宏远电子有限公司",
        clause="customer.3.1.1",
        width=26,
    )
    source: Text = column(
        "客户来源",
        help="从列表中选择",
        example="转介绍",
        clause="customer.3.1.2",
        kind="choice",
        choices="sources",
        width=12,
    )
    front_photos: PhotoNames = column(
        "门头照片",
        help="门头照片的文件名，与表一起投递；也可直接插入单元格",
        example="宏远门头.jpg",
        kind="photos",
        width=18,
    )
    type: Text = column(
        "客户类型",
        help="从列表中选择",
        example="民营企业",
        clause="customer.3.1.3",
        kind="choice",
        choices="types",
        width=12,
    )
    contact: Text = column("联系人", help="客户的主要联系人", example="李红", clause="customer.3.1.5", width=10)
    phone: Phone = column(
        "联系电话",
        help="主要联系人的手机或办公电话",
        example="0755-26001234",
        clause="customer.3.1.6",
        kind="phones",
        width=16,
    )
    area: Text = column(
        "客户地址",
        help="写到省/市/区，直辖市写 北京市/朝阳区",
        example="广东省/深圳市/南山区",
        clause="customer.3.1.4",
        width=22,
    )
    address: LongText = column(
        "详细地址",
        help="写到楼栋和门牌",
        example="科技园科苑路8号3栋1205室",
        clause="customer.3.1.4",
        kind="long",
        width=28,
    )
    region: Text = column(
        "销售区域",
        help="按本公司区域划分选择",
        example="华南",
        clause="customer.3.2.1",
        kind="choice",
        choices="regions",
        width=10,
    )
    owner: Text | None = column(
        "销售经理",
        help="客户归属的销售人员；空着就是自己",
        example="张三",
        clause="customer.3.2.2",
        required=False,
        width=12,
    )
    shared: Names = column(
        "共享人员",
        help="可共同跟进的同事，多人用顿号隔开",
        example="王五、赵六",
        clause="customer.3.2.3",
        kind="names",
        required=False,
        width=16,
    )
    certificate_photos: PhotoNames = column(
        "证件照片",
        help="营业执照等证件照片或 PDF 的文件名（可不填，由审批人核实名称）",
        example="宏远执照.jpg",
        clause="customer.3.1.1",
        kind="photos",
        required=False,
        width=18,
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """A customer is added once in the company."""
        return (fold(self.name),)
