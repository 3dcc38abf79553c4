"""The words in which the demo's story is written: what people do, and what the answer to it must say.

The story (:mod:`demo.month`) is data; :mod:`demo.stage` performs it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from demo.people import Place, Row


@dataclass(frozen=True)
class Tell:
    """One line of the table at the end: what happened, and the answer that must be found for it."""

    what: str
    outcome: str = ""  #: 结果 of the row; '' looks among the messages of 概要
    says: str = ""  #: words of its 说明, or of the message
    about: str = ""  #: words in one of the row's cells, where a sheet has several rows
    who: str = ""  #: whose receipt; '' is the one who acts


@dataclass(frozen=True)
class Numbered:
    """A cell that quotes the 受理号 of a row: whoever fills it in looks it up in their receipt."""

    book: str  #: name of the workbook that was answered
    about: str  #: words in one of the row's cells


@dataclass(frozen=True)
class Picture:
    """A picture to be made and dropped."""

    name: str
    scene: int = 0  #: two pictures of one number show the same
    at: Place | None = None  #: None: the phone did not know where it was
    taken: str = "09:30"
    days_ago: int = 0
    sign: str = ""  #: shop front with this sign; '' is inside
    made: str = "jpeg"  #: one of :data:`demo.darkroom.MAKERS`
    like: tuple[str, str] | None = None  #: (who, name): the very file that somebody dropped before
    metres_off: float = 60  #: how far north of the place
    page: tuple[str, ...] = ()  #: a page with these lines instead of a place
    sheets: int = 1  #: pages of a PDF


@dataclass(frozen=True)
class Filled:
    """Rows of one form."""

    form: str
    rows: tuple[Row, ...]
    without: str = ""  #: header of a column that somebody deleted
    placed: tuple[Picture, ...] = ()  #: pictures placed in the first row instead of named


@dataclass(frozen=True)
class Drop:
    """Somebody fills templates and drops the workbook with pictures."""

    at: str
    who: str
    book: str = ""  #: name of the workbook, without ending; '' drops pictures alone
    sheets: tuple[Filled, ...] = ()
    pictures: tuple[Picture, ...] = ()
    templates_of: str = ""  #: whose templates are filled in; '' is one's own
    spoilt: str = ""  #: one of :data:`demo.sheets.SPOILERS`: what became of the file before it was dropped
    tells: tuple[Tell, ...] = ()


@dataclass(frozen=True)
class Again:
    """Somebody drops a file a second time: the latest of theirs whose name begins with *of*."""

    at: str
    who: str
    of: str
    named: str  #: added to the name, before the ending
    tells: tuple[Tell, ...] = ()


@dataclass(frozen=True)
class Mend:
    """Somebody mends the returned rows in the receipt of *of* and drops the receipt back."""

    at: str
    who: str
    of: str  #: what the receipt's name says that it is about
    changes: Row
    tells: tuple[Tell, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What is done with the rows that say *about*; '' is all rows."""

    about: str = ""
    decision: str | None = "同意"
    comment: str | None = None
    overwrite: Row = field(default_factory=dict)  #: locked cells that are written over


@dataclass(frozen=True)
class Decide:
    """Somebody fills the approval sheets that lie in their 审批 folder and drops them."""

    at: str
    who: str
    form: str = ""  #: '' takes the sheets of all forms
    verdicts: tuple[Verdict, ...] = (Verdict(),)  #: the last one that fits a row counts
    out_of: str = ""  #: whose folder the sheets are taken from; '' is one's own
    again_later: bool = False  #: the sheet is not done with by this
    tells: tuple[Tell, ...] = ()


Act = Drop | Again | Mend | Decide


@dataclass(frozen=True)
class Owed:
    """Who did not simply report on time, as the night's 日报合规 must show it."""

    who: str
    state: str
    what: str = ""  #: '' keeps it out of the table
    remark: str = ""


@dataclass(frozen=True)
class Reviewed:
    """What the night's 日报合规 must show of a manager's reviews."""

    who: str
    review: str
    what: str


@dataclass(frozen=True)
class Shown:
    """A row that a report of the night or of the month must have."""

    who: str
    report: str  #: name of the report, without its day or month
    sheet: str
    about: str  #: words in one of the row's cells
    columns: tuple[str, ...]  #: what the table quotes of the row
    says: str  #: words that the quotation must have
    what: str


@dataclass(frozen=True)
class Day:
    """One day, and the night after it."""

    date: date
    acts: tuple[Act, ...] = ()
    owed: tuple[Owed, ...] = ()  #: everybody else reported on time
    reviewed: tuple[Reviewed, ...] = ()
    night: tuple[Tell, ...] = ()  #: receipts that the night writes
    shown: tuple[Shown, ...] = ()  #: rows of its 部门概览


@dataclass(frozen=True)
class Month:
    """The month's closing, and what 日报扣款 must show."""

    day: date  #: on which it is closed
    at: str
    what: str
    fined: tuple[tuple[str, date], ...]
    changes: tuple[tuple[str, str, date], ...] = ()  #: (变化, who, day), for a second version
    shown: tuple[Shown, ...] = ()  #: rows of its 指标达成
