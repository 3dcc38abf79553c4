"""What a template and a personal workbook say: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from outbox.xlsx.cell import CellValue

#: The sheet of customers that nobody owns, and its column for those that wait for the reader alone (客户申领 4).
POOL_SHEET, YOURS_FROM = "公海客户", "本人可申领日期"


@dataclass(frozen=True)
class Listing:
    """A sheet that is there to be read: 我的客户, 拜访历史, 公海客户."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...] = field(hash=False)  # thousands: hashes are asked for again and again
    widths: tuple[float, ...] = ()  #: characters; without them columns fit what is in them
    notes: tuple[str, ...] = ()  #: lines above the table
    told: str = ""  #: hash of the listing that says all this once for many; '' if it is said here
    marked: tuple[tuple[int, date], ...] = ()  #: rows of that listing whose last cell is a day for this reader

    def filled(self, parts: Mapping[str, Listing]) -> Listing:
        """What it says to everybody: nothing is *marked* in it.

        :raises KeyError: the part that it names is not among *parts*
        """
        return parts[self.told] if self.told else self  # no copy: whoever draws it again knows it by that


@dataclass(frozen=True)
class FormTemplate:
    """``模板/<form>.xlsx``; the same for everybody."""

    form: str  #: its sheet
    lists: Mapping[str, tuple[str, ...]]  #: the words that may be chosen, by the list's name in the config
    version: str
    least: Mapping[str, int] = field(default_factory=dict)  #: fewest characters of texts, by their name in the config


@dataclass(frozen=True)
class PersonalWorkbook:
    """``模板/个人工作簿.xlsx``: all forms of a post in one, and what its owner may know."""

    forms: tuple[str, ...]
    sections: tuple[Listing, ...]
    lists: Mapping[str, tuple[str, ...]]
    version: str
    check_list: tuple[str, ...] = ()  #: to be gone through before a visit (客户拜访 5.1(2)–(4))
    least: Mapping[str, int] = field(default_factory=dict)  #: fewest characters of texts, by their name in the config
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: colleagues to choose from, by list
    heading: str = ""  #: of 今天
    company: str = ""  #: its name, for the heading
    today: tuple[Listing, ...] = ()  #: the parts of 今天; without any, there is no such sheet
