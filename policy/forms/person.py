"""人员新增: a new colleague and the limits that hold from then on (人员新增 10)."""

from policy.columns import Count, Day, Mobile, Text
from policy.form import Form, column
from policy.posts import POSTS
from policy.words import fold


class NewPerson(
    Form,
    sheet="人员新增",
    code="person",
    clause="person.10",
    submitters=("销售经理",),
    about="登记新同事的姓名、岗位和客户限制；登记后即刻生效，其文件夹随之建立。",
):
    """One colleague who joins."""

    name: Text = column("姓名", help="与身份证一致", example="张三", clause="person.10", width=10)
    phone: Mobile = column("手机号码", help="本人 11 位手机号码", example="13800138000", kind="phone")
    gender: Text = column("性别", help="男或女", example="男", kind="choice", options=("男", "女"), width=8)
    department: Text = column("部门", help="所在部门", example="销售一部")
    post: Text = column("岗位", help="从列表中选择", example="销售人员", kind="choice", options=POSTS)
    max_customers: Count = column(
        "客户数量上限",
        help="可跟进客户的最大数量；不跟进客户的岗位填 0",
        example="50",
        clause="person.10.1",
        kind="integer",
    )
    max_follow_days: Count = column(
        "最长跟进天数",
        help="超过这些天没有跟进，客户回到公海；不跟进客户的岗位填 0",
        example="30",
        clause="person.10.2",
        kind="integer",
    )
    joined_on: Day = column("入职日期", help="从这一天起开始计日报", example="2026-11-02", kind="date")
    region: Text | None = column(
        "销售区域", help="负责的销售区域", example="华南", kind="choice", choices="regions", required=False
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """A colleague is entered once."""
        return (fold(self.name), self.phone)
