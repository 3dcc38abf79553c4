"""销售日报: what was done today and what comes tomorrow (销售日报 7)."""

from policy.columns import Day, LongText
from policy.form import Form, column
from policy.posts import DEPARTMENT_MANAGER, SALES_MANAGER


class DailyReport(
    Form,
    sheet="销售日报",
    code="daily",
    clause="daily.7",
    submitters=("销售人员",),
    chain=(DEPARTMENT_MANAGER, SALES_MANAGER),
    correctable=("summary", "plan"),
    about="每个工作日 20:00 前投递当天的日报；以文件到达的时间为准。",
):
    """One person's report of one day."""

    date: Day = column(
        "日期",
        help="日报所属的日期；空着就是投递当天",
        example="2026-11-23",
        clause="daily.7.1",
        kind="date",
        width=13,
        blank="arrival",
        latest="today",
    )
    summary: LongText = column(
        "今日工作总结",
        help="今天做了什么、结果如何",
        example="拜访宏远电子，确认二期 40 台；跟进华新报价。",
        clause="daily.7.1",
        kind="long",
        width=50,
        least="min_summary",
    )
    plan: LongText = column(
        "明日工作计划",
        help="明天准备做什么",
        example="上午整理报价，下午拜访华新。",
        clause="daily.7.1",
        kind="long",
        width=50,
        least="min_plan",
    )

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """One report a person and day."""
        return (submitter, self.date.isoformat())
