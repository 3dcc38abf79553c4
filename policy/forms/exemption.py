"""日报豁免: leave and the like; on these days no report is owed (销售日报 7(4))."""

from policy.columns import Day, Text
from policy.form import Form, column


class Exemption(
    Form,
    sheet="日报豁免",
    code="exemption",
    clause="daily.7.4",
    submitters=("部门经理", "人力资源部"),
    correctable=("start", "end", "reason"),
    about="登记请假等不需要写日报的日期；登记后这些日期不计缺交。",
):
    """One person's days without a report."""

    name: Text = column("姓名", help="被豁免的同事", example="张三", width=12)
    start: Day = column("开始日期", help="第一天", example="2026-11-24", kind="date", width=14)
    end: Day = column("结束日期", help="最后一天（含）", example="2026-11-25", kind="date", width=14)
    reason: Text = column("原因", help="例如 年假、病假、出差", example="年假", width=30)

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """The same person and the same days."""
        return (self.name, self.start.isoformat(), self.end.isoformat())
