"""What 商机漏斗 says: plain values, money in yuan (目的 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class FunnelStage:
    """An open stage; money in yuan."""

    name: str
    likelihood: int  #: percent
    count: int
    amount: float
    before_count: int
    before: float
    forecast: float


@dataclass(frozen=True)
class FunnelClosed:
    """What was won or lost in the month; money in yuan."""

    word: str
    count: int
    amount: float


@dataclass(frozen=True)
class FunnelMove:
    """What has become of one opportunity since the end of the month before; money in yuan, None where it was not known."""

    kind: str
    customer: str
    name: str
    person: str
    stage_before: str
    stage: str
    before: float | None
    amount: float


@dataclass(frozen=True)
class FunnelPassage:
    """How many opportunities reached a stage, and how many of these went on."""

    stage: str
    month: tuple[int, int]
    year: tuple[int, int]


@dataclass(frozen=True)
class FunnelOutlook:
    """Aimed at, signed and hoped for; money in yuan."""

    span: str
    level: str  #: 个人, 部门, 公司
    department: str
    name: str
    target: float
    done: float
    forecast: float


@dataclass(frozen=True)
class FunnelItem:
    """An open opportunity; money in yuan."""

    customer: str
    name: str
    person: str
    department: str
    stage: str
    likelihood: int
    amount: float
    forecast: float
    expected_on: date
    since: date
    idle: str  #: why it needs a push; '' if it does not
    next_step: str


@dataclass(frozen=True)
class FunnelChange:
    """How this version differs from the one before."""

    customer: str
    name: str
    person: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class FunnelReport:
    """One month for one reader."""

    month: str  #: YYYY-MM
    scope: str
    made_at: datetime
    stages: tuple[FunnelStage, ...]
    closed: tuple[FunnelClosed, ...]
    moves: tuple[FunnelMove, ...]
    passages: tuple[FunnelPassage, ...]
    outlook: tuple[FunnelOutlook, ...]
    items: tuple[FunnelItem, ...]
    changes: tuple[FunnelChange, ...] = ()
    version: int = 1
    company: str = ""  #: its name, for the heading
