"""The sections of ``config.toml`` that speak for the company: each key with our default where the policy is silent."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from policy.posts import CASHIER, DEPARTMENT_MANAGER, HUMAN_RESOURCES, SALES_MANAGER, SALESPERSON, SUPERVISION
from policy.settings_load import nearest, shown, wrong
from policy.settings_types import (
    Choices,
    Clock,
    Day,
    Number,
    Percent,
    Positive,
    Posts,
    Switch,
    Weekday,
    Whole,
    Word,
    Words,
    Year,
    Yuan,
    distinct,
)


class Section(BaseModel):
    """A table of the config: unknown keys are errors, values do not change."""

    # Their schemas are made once, as parts of the whole config's.
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, defer_build=True)


class ListSettings(Section):
    """What staff choose from (客户新增 3)."""

    sources: Choices = ("转介绍", "展会", "网络推广", "电话拜访", "上门拜访", "广告", "老客户", "其他")
    types: Choices = ("民营企业", "国有企业", "外资企业", "合资企业", "个体工商户", "政府机关", "事业单位", "其他")
    stages: Choices = ("初步接触", "需求确认", "方案报价", "商务谈判", "赢单", "输单")
    regions: Choices = ("华东", "华南", "华北", "华中", "西南", "西北", "东北")


#: Each report and the posts that see it (适用范围 2).
REPORTS: Mapping[str, tuple[str, ...]] = {
    "日报合规": (SUPERVISION, DEPARTMENT_MANAGER),
    "日报月历": (SUPERVISION, DEPARTMENT_MANAGER),
    "日报扣款": (HUMAN_RESOURCES,),
    "指标达成": (SALES_MANAGER, DEPARTMENT_MANAGER, SALESPERSON),
    "商机漏斗": (SALES_MANAGER, DEPARTMENT_MANAGER),
    "部门概览": (SALES_MANAGER, DEPARTMENT_MANAGER),
    "未认领到账": (CASHIER, SALES_MANAGER),
}


def completed(defaults: Mapping[str, Any]) -> BeforeValidator:
    """Keys that are not written keep their default."""
    return BeforeValidator(lambda value: {**defaults, **value} if isinstance(value, Mapping) else value)


def named(kind: str, names: Collection[str]) -> AfterValidator:
    """A key that must be one of *names*."""

    def check(name: str) -> str:
        if name not in names:
            raise wrong(f"没有“{name}”这种{kind}{nearest(name, names) or '，'}可以写：{'、'.join(names)}")
        return name

    return AfterValidator(check)


Report = Annotated[str, named("报表", REPORTS)]


class PostSettings(Section):
    """Who owes a daily report, who sees which report."""

    daily_report: Posts = (SALESPERSON,)
    sees: Annotated[Mapping[Report, Posts], completed(REPORTS)] = REPORTS


class DailyReportSettings(Section):
    """销售日报 7."""

    due: Clock = timedelta(hours=20)
    review_due: Clock = timedelta(hours=22)
    day_ends: Clock = timedelta(hours=24)
    deduction_yuan: Yuan = Decimal(20)
    late_counts_as_missing: Switch = False
    imperfect: Literal["ask", "missing"] = "ask"  #: what a day is on which a report was tried and not accepted
    objection_days: Whole = 3  #: after being told
    retroactive_days: Whole = 7  #: how far back a department manager may exempt alone
    manager_deduction_yuan: Yuan = Decimal(0)

    @field_validator("review_due", "day_ends")
    @classmethod
    def _not_before_due(cls, value: Any, info: ValidationInfo) -> Any:
        if "due" in info.data and value < info.data["due"]:
            raise wrong("不能早于日报截止时间 due")
        return value

    @property
    def deduction_fen(self) -> int:
        """What one missing report costs, in fen (销售日报 7(4))."""
        return int(self.deduction_yuan * 100)

    @field_validator("manager_deduction_yuan")
    @classmethod
    def _reported_only(cls, value: Decimal) -> Decimal:
        """A missed review is reported and not fined: a number that nobody deducts must not look as if somebody did."""
        if value:
            raise wrong("本版本只列出漏审、不扣款，只能写 0")
        return value


class PeopleSettings(Section):
    """人员新增 10."""

    old_name_days: Whole = 30  #: how long a former name is understood after a change of name


def _districts(value: Mapping[str, str]) -> Mapping[str, str]:
    for name in (*value, *value.values()):
        if len([part for part in name.split("/") if part.strip()]) not in (2, 3) or "//" in name:
            raise wrong(f"应写成 省/市/区，直辖市写 北京市/朝阳区，现在写的是 {shown(name)}")
    return value


class PlaceSettings(Section):
    """Places that are newer than the map (客户新增 3(1)4)."""

    new: Annotated[Mapping[Word, Word], AfterValidator(_districts)] = {}  #: new 省/市/区 → that on whose ground it is


class CalendarSettings(Section):
    """Days that differ from the statutory calendar."""

    extra_holidays: Annotated[tuple[Day, ...], distinct] = ()
    extra_workdays: Annotated[tuple[Day, ...], distinct] = ()
    weekend: Annotated[tuple[Weekday, ...], distinct, Field(max_length=6)] = (6, 7)
    covered_years: Annotated[tuple[Year, ...], distinct] = ()  #: declared complete by the operator

    @field_validator("extra_workdays")
    @classmethod
    def _not_both(cls, value: tuple[date, ...], info: ValidationInfo) -> tuple[date, ...]:
        both = sorted(set(value) & set(info.data.get("extra_holidays", ())))
        if both:
            raise wrong(f"{both[0]} 同时写在了 extra_holidays 里，请只留一处")
        return value


EDITORS = (
    "Photoshop", "Lightroom", "Camera Raw", "Snapseed", "PicsArt", "GIMP", "Canva", "Pixlr", "VSCO", "Polarr",
    "Affinity", "Paint.NET", "PaintTool", "Paint Shop", "PhotoScape", "ACDSee", "CapCut", "Facetune", "BeautyPlus",
    "Remini", "Meitu", "Xingtu",
    "美图", "醒图", "剪映", "天天P图", "轻颜", "无他相机", "黄油相机", "光影魔术手", "泼辣修图", "稿定",
)  # fmt: skip


class PhotoSettings(Section):
    """客户拜访 5.2(3) to (5) and its note."""

    max_age_hours: Positive = 24
    early_minutes: Whole = 10
    near_m: Whole = 500
    far_m: Whole = 5000
    far: Literal["refuse", "flag"] = "flag"  #: what becomes of a visit farther away than far_m, or in another city
    next_workday_until: Clock = timedelta(hours=12)  #: a working afternoon's photo is taken until then
    similar_bits: Annotated[Whole, Field(le=64)] = 8
    compare_days: Positive = 180  #: how far back parts of pictures are looked for
    min_megapixels: Number = 0.3
    min_sharpness: Number = 37
    min_page_sharpness: Number = 300
    editors: Words = EDITORS
    travel_kmh: Positive = 500  #: between two pictures of one person
    rounded_days: Positive = 3  #: other days with just the same round position, from which on it is flagged
    live: Literal["off", "preferred", "required"] = "preferred"  #: pictures taken through the phone door

    @field_validator("far_m")
    @classmethod
    def _far_is_not_nearer(cls, value: int, info: ValidationInfo) -> int:
        if value < info.data.get("near_m", 0):
            raise wrong("不能小于 near_m")
        return value


class ClaimSettings(Section):
    """客户申领 4."""

    cooldown_days: Whole = 7
    daily_cap: Whole = 0  #: 0: no cap


class PaymentSettings(Section):
    """客户回款 6."""

    unclaimed_days: Positive = 3  #: days after which money that nobody has entered is shown


class OpportunitySettings(Section):
    """商机, 目的 1."""

    likelihood: tuple[Percent, ...] = (10, 30, 50, 80, 100, 0)  #: percent of each stage, in the order of the list
    stale_days: Positive = 30  #: days without a step after which one needs a push

    def likelihood_of(self, stage: str, stages: Sequence[str]) -> int:
        """How likely *stage* is to come to a deal, in percent; 0 for one of which the company has not said it."""
        return dict(zip(stages, self.likelihood, strict=False)).get(stage, 0)


class RecyclingSettings(Section):
    """人员新增 10(2)."""

    warn_days: Annotated[tuple[Positive, ...], distinct] = (7, 3, 1)
    exempt_open_orders: Switch = True
    pause_on_leave: Switch = True  #: the owner's days of leave do not count
    undecided_days: Whole = 15  #: how long a row that nobody decides keeps its customer out of the pool

    @field_validator("warn_days")
    @classmethod
    def _farthest_first(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(value, reverse=True))


class TextSettings(Section):
    """What counts as substantial, in characters (客户拜访 5.2(7), 销售日报 7(1))."""

    min_purpose: Whole = 4
    min_content: Whole = 20
    min_summary: Whole = 10
    min_plan: Whole = 5
    copied_ratio: Percent = 90
