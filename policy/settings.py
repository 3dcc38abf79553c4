"""The company's numbers, lists, posts and approvers: ``config.toml``, typed.

settings = load_settings(Path("config.toml"))
settings.as_of(day).daily_report.deduction_fen    # the numbers in force on that day
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from policy.forms import FORMS
from policy.settings_door import DoorSettings
from policy.settings_load import ConfigError, Source, explain, nearest, read_source, wrong
from policy.settings_machine import (
    CompanySettings,
    FolderSettings,
    IntakeSettings,
    LimitSettings,
    ReadingSettings,
    ScheduleSettings,
)
from policy.settings_messages import MessageSettings
from policy.settings_running import (
    ArchiveSettings,
    BackupSettings,
    GroupSettings,
    LogSettings,
    MonitorSettings,
    ReaderSettings,
    ShareSettings,
)
from policy.settings_safety import VerifySettings
from policy.settings_sections import (
    CalendarSettings,
    ClaimSettings,
    DailyReportSettings,
    ListSettings,
    OpportunitySettings,
    PaymentSettings,
    PeopleSettings,
    PhotoSettings,
    PlaceSettings,
    PostSettings,
    RecyclingSettings,
    Section,
    TextSettings,
    completed,
    named,
)
from policy.settings_types import Posts, as_date
from policy.settings_workers import WorkerSettings

__all__ = ["CHAINS", "ConfigError", "Settings", "check_rule_ids", "load_settings", "rules_named"]

#: Each sheet and the posts that approve it, in the order in which they are tried; none: no approval needed.
CHAINS: Mapping[str, tuple[str, ...]] = {form.sheet: form.chain for form in FORMS}

#: What may change from a day on.  Folders, limits and hours of the service are of the machine, not of the policy;
#: the calendar's lists name their days themselves.
DATED = (
    "lists", "places", "posts", "approval", "daily_report", "people", "photos", "claim", "opportunities", "recycling", "text",
    "rules",
)  # fmt: skip

Sheet = Annotated[str, named("表", CHAINS)]
RuleSeverity = Literal["refuse", "flag", "note", "off"]


def _flat(value: Any) -> Any:
    """Rule ids without quotes are tables to TOML: their parts are put together again."""
    return dict(_leaves(value, "")) if isinstance(value, Mapping) else value


def _leaves(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


class Settings(Section):
    """All of the config.  Use :meth:`as_of` for what belongs to a day."""

    company: CompanySettings = Field(default_factory=CompanySettings)
    folders: FolderSettings = Field(default_factory=FolderSettings)
    lists: ListSettings = Field(default_factory=ListSettings)
    posts: PostSettings = Field(default_factory=PostSettings)
    approval: Annotated[Mapping[Sheet, Posts], completed(CHAINS)] = CHAINS
    daily_report: DailyReportSettings = Field(default_factory=DailyReportSettings)
    people: PeopleSettings = Field(default_factory=PeopleSettings)
    calendar: CalendarSettings = Field(default_factory=CalendarSettings)
    places: PlaceSettings = Field(default_factory=PlaceSettings)
    photos: PhotoSettings = Field(default_factory=PhotoSettings)
    claim: ClaimSettings = Field(default_factory=ClaimSettings)
    payments: PaymentSettings = Field(default_factory=PaymentSettings)
    opportunities: OpportunitySettings = Field(default_factory=OpportunitySettings)
    recycling: RecyclingSettings = Field(default_factory=RecyclingSettings)
    text: TextSettings = Field(default_factory=TextSettings)
    intake: IntakeSettings = Field(default_factory=IntakeSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    reading: ReadingSettings = Field(default_factory=ReadingSettings)
    rules: Annotated[Mapping[str, RuleSeverity], BeforeValidator(_flat)] = {}
    schedule: ScheduleSettings = Field(default_factory=ScheduleSettings)
    messages: MessageSettings = Field(default_factory=MessageSettings)
    door: DoorSettings = Field(default_factory=DoorSettings)
    workers: WorkerSettings = Field(default_factory=WorkerSettings)
    verify: VerifySettings = Field(default_factory=VerifySettings)
    shares: ShareSettings = Field(default_factory=ShareSettings)
    logs: LogSettings = Field(default_factory=LogSettings)
    monitor: MonitorSettings = Field(default_factory=MonitorSettings)
    archive: ArchiveSettings = Field(default_factory=ArchiveSettings)
    group: GroupSettings = Field(default_factory=GroupSettings)
    readers: ReaderSettings = Field(default_factory=ReaderSettings)
    backup: BackupSettings = Field(default_factory=BackupSettings)

    @field_validator("archive")
    @classmethod
    def _cold_is_apart(cls, value: ArchiveSettings, info: ValidationInfo) -> ArchiveSettings:
        folders, cold = info.data.get("folders"), value.cold.resolve() if value.cold else None
        for near in (folders.share.resolve(), folders.book.resolve()) if folders and cold else ():
            if cold is not None and (cold.is_relative_to(near) or near.is_relative_to(cold)):
                raise wrong("冷盘 cold 不能与 share 或 book 相同，也不能一个在另一个里面，请写另一块盘上的文件夹")
        return value

    _history: _History | None = PrivateAttr(default=None)
    _source: Source | None = PrivateAttr(default=None)

    def as_of(self, day: date) -> Settings:
        """The settings with the numbers in force on *day* (附则 12); the same object for the same numbers."""
        return self._history.on(day) if self._history else self

    @property
    def changes(self) -> tuple[date, ...]:
        """The days from which other numbers hold, in order."""
        return self._history.days if self._history else ()


@dataclass(frozen=True, eq=False)
class _History:
    """The versions of the settings: the first for the time before all changes, then one a change."""

    days: tuple[date, ...]
    versions: tuple[Settings, ...]

    def on(self, day: date) -> Settings:
        return self.versions[bisect_right(self.days, day)]


@dataclass(frozen=True)
class _Change:
    """One ``[[policy]]`` table."""

    day: date
    place: str  #: its key path
    table: Mapping[str, Any]


def load_settings(path: Path) -> Settings:
    """The settings in *path*.

    Raises :class:`ConfigError`, which names the file, the line, the key and what is allowed.
    """
    source = read_source(path)
    data = {"folders": {}, **source.data}
    changes = _changes(data.pop("policy", []), source)
    base = path.resolve().parent
    versions = [_validated(data, base, source, "")]
    for change in changes:
        data = _overlaid(data, change.table)
        versions.append(_validated(data, base, source, change.place))
    history = _History(tuple(change.day for change in changes), tuple(versions)) if changes else None
    for version in versions:
        version._history, version._source = history, source
    return versions[0]


def _validated(data: Mapping[str, Any], base: Path, source: Source, place: str) -> Settings:
    try:
        return Settings.model_validate(data, context={"base": base})
    except ValidationError as error:
        raise explain(error, Settings, source, place) from None


def _changes(tables: Any, source: Source) -> list[_Change]:
    """The ``[[policy]]`` tables by their day."""
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise source.error("policy", "应写成 [[policy]]，再逐行写 from 和变动的数字")
    changes = sorted((_change(table, f"policy.{n}", source) for n, table in enumerate(tables)), key=lambda c: c.day)
    for earlier, later in pairwise(changes):
        if earlier.day == later.day:
            raise source.error(f"{later.place}.from", f"{later.day} 已有另一个 [[policy]]，请合在一起写")
    return changes


def _change(table: Mapping[str, Any], place: str, source: Source) -> _Change:
    allowed = ("from", *DATED)
    for name in table:
        if name not in allowed:
            near = nearest(name, allowed) or "，"
            raise source.error(f"{place}.{name}", f"[[policy]] 里不能写这一项{near}可以写：{'、'.join(allowed)}")
    if "from" not in table:
        raise source.error(place, "缺少 from：从哪一天起执行，例如 from = 2026-01-01")
    try:
        day = as_date(table["from"])
    except PydanticCustomError as error:
        raise source.error(f"{place}.from", error.message()) from None
    return _Change(day, place, {name: value for name, value in table.items() if name != "from"})


def _overlaid(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """*under* with the values of *over*; tables are merged, everything else is replaced."""
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        merged[name] = _overlaid(below, value) if both else value  # type: ignore[arg-type]
    return merged


def rules_named(settings: Settings) -> tuple[str, ...]:
    """The ids in ``[rules]``, of today and of any ``[[policy]]``."""
    versions = settings._history.versions if settings._history else (settings,)
    return tuple(dict.fromkeys(rule for version in versions for rule in version.rules))


def check_rule_ids(settings: Settings, known: Collection[str]) -> None:
    """Raise :class:`ConfigError` for an id in ``[rules]``, of today or of any ``[[policy]]``, that no rule has."""
    source = settings._source or Source("config.toml", {}, {})
    for rule in rules_named(settings):
        if rule not in known:
            place = next((key for key in source.lines if f".{key}".endswith(f".rules.{rule}")), f"rules.{rule}")
            raise source.error(place, f"没有“{rule}”这条规则{nearest(rule, known)}")
