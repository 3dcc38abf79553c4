"""Numbers, moments and places as people write them on a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import quote

from outbox.page.model import Cell, Mark

WEEK = "一二三四五六日"
#: what a state is at a glance
STATES: Mapping[str, Mark] = {
    "按时": "good", "迟交": "warn", "逾期": "warn", "缺交": "bad", "未审": "bad", "豁免": "mute", "未知": "warn",
    "待核实": "warn", "还没收到": "warn", "等待审核": "warn",
}  # fmt: skip


def yuan(fen: int) -> str:
    """An amount in yuan."""
    return f"{fen / 100:,.2f}"


def share_of(result: int, target: int) -> str:
    """A result as a share of its target; '' where nothing was aimed at."""
    return f"{result / target:.0%}" if target else ""


def minute(moment: datetime | str | None) -> str:
    """A moment without its zone and seconds."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) and moment else moment
    return f"{at:%Y-%m-%d %H:%M}" if isinstance(at, datetime) else ""


def clock(moment: datetime | str | None) -> str:
    """The same without the year: it stands in a table of this month."""
    return minute(moment)[5:]


def on(day: date | str | None) -> str:
    """A day."""
    return str(day or "")


def weekday(day: date) -> str:
    """A day of this month with its weekday."""
    return f"{day:%m-%d} 周{WEEK[day.weekday()]}"


def link(path: str) -> str:
    """A path below 取件 as an address seen from the page."""
    return quote(path)


def state(word: str) -> Cell:
    """A state, coloured as what it is."""
    return Cell(word, mark=STATES.get(word, ""))


def row(*texts: object) -> tuple[Cell, ...]:
    """A row of plain cells; cells stay what they are."""
    return tuple(each if isinstance(each, Cell) else Cell("" if each is None else str(each)) for each in texts)
