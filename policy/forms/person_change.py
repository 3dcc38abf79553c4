"""人员变更: a colleague leaves, moves or is given other limits, from a day on (人员新增 10)."""

from policy.columns import Count, Day, Mobile, Text
from policy.form import Form, column
from policy.posts import POSTS


class PersonChange(
    Form,
    sheet="人员变更",
    code="person_change",
    clause="person.10",
    submitters=("销售经理",),
    about="登记离职、改名、调岗、调部门或调整客户限制；从生效日期起执行，空着的列保持不变。",
    added=("new_name",),
):
    """One change to one colleague."""

    name: Text = column("姓名", help="名册中的姓名（同名同事带手机号后四位）", example="张三", width=12)
    effective_on: Day = column(
        "生效日期", help="从这一天起生效；离职的填离职后的第一天", example="2026-12-01", kind="date", width=14
    )
    new_name: Text | None = column(
        "新姓名",
        help="改名时填写；历史、客户和文件夹都归新姓名，旧姓名还能用 30 天",
        example="张叁",
        required=False,
        width=12,
    )
    state: Text | None = column(
        "状态",
        help="离职时填 离职；重新入职填 在职",
        example="离职",
        kind="choice",
        options=("在职", "离职"),
        required=False,
        width=10,
    )
    department: Text | None = column("部门", help="新的部门", example="销售二部", required=False)
    post: Text | None = column(
        "岗位", help="新的岗位", example="部门经理", kind="choice", options=POSTS, required=False
    )
    phone: Mobile | None = column("手机号码", help="新的手机号码", example="13800138000", kind="phone", required=False)
    max_customers: Count | None = column(
        "客户数量上限", help="可跟进客户的最大数量", example="60", clause="person.10.1", kind="integer", required=False
    )
    max_follow_days: Count | None = column(
        "最长跟进天数", help="跟进客户的最长天数", example="45", clause="person.10.2", kind="integer", required=False
    )
    region: Text | None = column(
        "销售区域", help="新的销售区域", example="华东", kind="choice", choices="regions", required=False
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """The same change is made once; another change of the same day is another change."""
        apart = ("name", "effective_on", "new_name")
        given = (getattr(self, name) for name in type(self).model_fields if name not in apart)
        words = ("" if value is None else str(value) for value in given)
        return (self.name, self.effective_on.isoformat(), *words, *([self.new_name] if self.new_name else []))
