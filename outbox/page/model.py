"""What a page says: plain values, in the order in which they are read.  Numbers are words already, as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Mark = Literal["", "good", "warn", "bad", "mute"]  #: how a cell is to be taken at a glance; the words say it as well

NAME = "首页.html"


@dataclass(frozen=True)
class Cell:
    """A cell of a table."""

    text: str
    href: str = ""  #: where its rows are: an anchor of the page, or a file as seen from 取件
    mark: Mark = ""


@dataclass(frozen=True)
class Table:
    """A table with the rows that a number stands for."""

    id: str
    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...] = ()  #: columns of numbers, from 0
    empty: str = "没有。"
    more: str = ""  #: what was left out, and where it is
    more_href: str = ""


@dataclass(frozen=True)
class Figure:
    """A number that stands for rows."""

    label: str
    value: str
    href: str
    mark: Mark = ""


@dataclass(frozen=True)
class Bar:
    """A bar of a chart."""

    label: str
    value: float


@dataclass(frozen=True)
class Chart:
    """Bars whose numbers stand in a table of the same part."""

    title: str
    bars: tuple[Bar, ...]
    table: str  #: id of that table


@dataclass(frozen=True)
class Seen:
    """A visit with what its reader judges it by."""

    receipt_no: str
    who: str
    customer: str
    at: str
    place: str
    met: str
    purpose: str
    content: str
    state: str
    flags: str
    picture: str  #: where the small picture lies below the book's folder; '' if there is none


@dataclass(frozen=True)
class GridRow:
    """A person's days: what became of each report, and of its review."""

    name: str
    department: str
    reports: tuple[str, ...]  #: a word a day; '' where nothing was owed
    reviews: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A calendar: people down, days across."""

    id: str
    caption: str
    days: tuple[date, ...]
    rows: tuple[GridRow, ...]
    more: str = ""


@dataclass(frozen=True)
class File:
    """A file in 取件; both '' where there is none."""

    name: str
    href: str  #: where it lies as seen from the page


@dataclass(frozen=True)
class Part:
    """A part of the page."""

    id: str
    title: str
    note: str = ""
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    visits: tuple[Seen, ...] = ()
    grids: tuple[Grid, ...] = ()
    file: File = File("", "")  #: the workbook with all rows


@dataclass(frozen=True)
class Task:
    """Something that its reader should do today."""

    mark: Mark
    words: str
    detail: str
    since: datetime
    file: str  #: name of the file that it is about
    href: str  #: that file, or its answer, as seen from 取件; '' if it does not lie there


@dataclass(frozen=True)
class Home:
    """One person's page."""

    company: str
    person: str
    post: str
    department: str
    day: date
    drawn_at: datetime
    tasks: tuple[Task, ...]
    parts: tuple[Part, ...]
