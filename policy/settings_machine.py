"""The sections of ``config.toml`` that speak of the machine: places, hours, limits.  They carry no effective date."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from policy.settings_load import wrong
from policy.settings_sections import Section
from policy.settings_types import (
    FolderName,
    Monthly,
    MonthlyAt,
    Number,
    Positive,
    TimeOfDay,
    Whole,
    Word,
    Zone,
    distinct,
)


class CompanySettings(Section):
    """Who we are."""

    name: Word = "本公司"
    zone: Zone = "Asia/Shanghai"

    @property
    def tz(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.zone)


class FolderSettings(Section):
    """Where things lie; relative paths start at the config file's folder."""

    share: Path = Path("share")  #: what staff see
    book: Path = Path("book")  #: what only the service sees
    drop: FolderName = "投递"
    pickup: FolderName = "取件"
    templates: FolderName = "模板"
    receipts: FolderName = "回执"
    approvals: FolderName = "审批"
    reports: FolderName = "报表"
    keep_months: int = Field(6, ge=1, le=1200)  #: how long receipts and reports lie there
    own_templates: Path = Path("templates/own")  #: where the company keeps its own wording of pages

    @field_validator("share", "book", "own_templates", mode="before")
    @classmethod
    def _beside_the_config(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str) and not value.strip():
            raise wrong("不能是空白，请写文件夹的路径")
        base = (info.context or {}).get("base")
        return Path(base) / value if base is not None and isinstance(value, (str, Path)) else value

    @field_validator("book")
    @classmethod
    def _book_is_apart(cls, value: Path, info: ValidationInfo) -> Path:
        share, book = info.data.get("share"), value.resolve()
        if share is not None and (
            share.resolve() == book or share.resolve() in book.parents or book in share.resolve().parents
        ):
            raise wrong("账簿文件夹 book 与共享文件夹 share 不能相同，也不能一个在另一个里面，否则员工能看到账簿")
        return value

    @field_validator("pickup", "templates", "receipts", "approvals", "reports")
    @classmethod
    def _names_differ(cls, value: str, info: ValidationInfo) -> str:
        rivals = ("drop",) if info.field_name == "pickup" else ("templates", "receipts", "approvals", "reports")
        if value in [info.data.get(name) for name in rivals]:
            raise wrong(f"“{value}”已经是另一个文件夹的名称")
        return value


def _poll(value: Any) -> Any:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


class IntakeSettings(Section):
    """How files are watched."""

    settle_seconds: Number = 5
    rescan_seconds: Annotated[Number, Field(gt=0)] = 300
    poll: Annotated[Literal["auto", "on", "off"], BeforeValidator(_poll)] = "auto"
    incomplete_seconds: Number = 30


#: Sheets whose pictures bear words that can be held against the row.
READ = ("成交订单", "客户新增", "拜访记录", "信息变更")


def _can_be_read(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in READ:
            raise wrong(f"“{name}”的照片不读，可以写：{'、'.join(READ)}")
    return names


class ReadingSettings(Section):
    """What stands written on pictures, where the extra ``ocr`` is installed."""

    forms: Annotated[tuple[str, ...], distinct, AfterValidator(_can_be_read)] = READ
    round_seconds: Positive = 120  #: for all pictures of one round; the others are left to the next
    picture_seconds: Positive = 90
    picture_mb: Positive = 1536


class LimitSettings(Section):
    """Beyond these a file is refused as a whole."""

    xlsx_mb: Positive = 20
    xlsx_entries: Positive = 1000
    inflated_mb: Positive = 200
    ratio: Positive = 100
    rows: Annotated[Positive, Field(le=1_048_576)] = 20_000
    columns: Annotated[Positive, Field(le=16_384)] = 100
    cell_chars: Annotated[Positive, Field(le=32_767)] = 32_767
    photo_mb: Positive = 50
    photo_megapixels: Positive = 100
    reader_seconds: Positive = 20
    reader_mb: Positive = 512
    waiting_mb: Positive = 500
    waiting_total_mb: Positive = 2000
    reserve_mb: Number = 300


class ScheduleSettings(Section):
    """When ``watch`` does what by itself."""

    by: Literal["watch", "run"] = "watch"  #: who does it: a service that should be running, or the machine's scheduler
    nightly: TimeOfDay = timedelta(minutes=30)
    monthly: Monthly = MonthlyAt(1, timedelta(hours=1))
    approvals: Annotated[tuple[TimeOfDay, ...], distinct] = (
        timedelta(hours=12), timedelta(hours=17, minutes=30), timedelta(hours=20, minutes=5),
    )  # fmt: skip

    late_reports_minutes: Whole = (
        20  #: between the daily report's hour and its review's: how often sheets go out; 0: not
    )

    @field_validator("approvals")
    @classmethod
    def _in_order(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(sorted(value))
