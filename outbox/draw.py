"""From what was committed to the finished workbook; runs in the reader processes, in any of them, as often as needed.

The same words give the same bytes.  Pictures are read from the archive when they are drawn.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from disk.luggage import Shown, TargetFile
from outbox.drawing import Remarked
from outbox.heading import signed_by
from outbox.told import heard, model_of

Pictures = Callable[[str], bytes]  #: a picture's bytes by where it is kept below the book's folder


@dataclass(frozen=True)
class Kind:
    """What can be told, by name: a reader that draws receipts loads nothing of reports."""

    room: str
    name: str  #: of the model, a frozen dataclass
    place: str
    draws: str  #: a function that is given the model, and the pictures where it shows any

    def model(self) -> type[Any]:
        """The model's class."""
        found: type[Any] = getattr(import_module(self.room), self.name)
        return found

    def drawn(self, *given: Any) -> bytes:
        """The file."""
        data: bytes = getattr(import_module(self.place), self.draws)(*given)
        return data


#: Files with pictures in them.
PICTURED = (
    Kind("outbox.receipts.model", "Receipt", "outbox.receipts.draw", "render_receipt"),
    Kind("outbox.approvals.model", "ApprovalSheet", "outbox.approvals.sheet", "render_approval_sheet"),
    Kind("outbox.approvals.model", "PictureCopy", "outbox.draw", "copied"),
)
#: Files of words and numbers alone.
WORDS = (
    Kind("outbox.templates.model", "FormTemplate", "outbox.templates.template", "draw_template"),
    Kind("outbox.reports.compliance", "ComplianceReport", "outbox.reports.compliance", "render_compliance"),
    Kind("outbox.reports.deduction", "DeductionReport", "outbox.reports.deduction", "render_deduction"),
    Kind("outbox.reports.attainment", "AttainmentReport", "outbox.reports.attainment", "render_attainment"),
    Kind("outbox.reports.month_calendar", "MonthCalendar", "outbox.reports.month_calendar", "render_month_calendar"),
    Kind("outbox.reports.funnel.model", "FunnelReport", "outbox.reports.funnel.sheets", "render_funnel"),
    Kind("outbox.reports.overview", "Overview", "outbox.reports.overview", "render_overview"),
    Kind("outbox.reports.unclaimed", "Unclaimed", "outbox.reports.unclaimed", "render_unclaimed"),
)
#: Files of which a part is told once for many.
SHARING = (Kind("outbox.templates.model", "PersonalWorkbook", "outbox.templates.workbook", "draw_personal_workbook"),)
HOME = Kind(
    "outbox.page.model", "Home", "outbox.page.draw", "render_home"
)  #: which also says what is wrong with a template
KINDS = (*PICTURED, *WORDS, *SHARING, HOME)
_PARTS = 2  #: that a process keeps: tonight's, and one of what is drawn again
_NAMED = {kind.name: kind for kind in KINDS}


def copied(model: Any, pictures: Pictures) -> bytes:
    """A copy of a picture as it is kept.

    :raises ValueError: it could not be made
    """
    data = pictures(model.kept_as)
    if not data:
        raise ValueError("there is no copy of the picture")
    return data


def _home(page: Any, pictures: Pictures, own: Path | None) -> tuple[bytes, str]:
    from outbox.page.draw import render_home  # what draws pages is loaded where there are any

    return render_home(page, pictures, own / "page" if own else None)


def draw_file(
    words: bytes, kept: Shown, target: TargetFile, own: Path | None = None, company: str = "", *parts: bytes
) -> str | Remarked:
    """Draw what *words* say (squeezed, as the ledger keeps them) to *target*; gives the file's sha256.

    :param kept: the pictures that it may show
    :param own: the company's own templates of pages, which lie on this machine
    :param company: its name, for headings
    :param parts: what it says alike with other files and names by its hash, each squeezed
    :raises KeyError: this version does not know such a file, or a part is missing
    :raises ValueError: *words* are not those for which *target* is named
    """
    kind, model = _model(words, target)
    with target.scratch():
        if kind is HOME:
            data, fault = _home(model, kept.picture, own)
            sha256 = _written(data, target)
            return Remarked(sha256, fault) if fault else sha256
        given = (kept.picture,) if kind in PICTURED else (dict(map(_part, parts)),) if kind in SHARING else ()
        return _written(kind.drawn(signed_by(company, model), *given), target)


def draw_plain(words: bytes, target: TargetFile, company: str = "") -> str:
    """A receipt that could not be drawn in full, drawn with its words alone: better than no answer.

    :raises TypeError: it is no receipt; an approver is never shown a sheet without its pictures
    :raises ValueError: it has no pictures that could be left out
    """
    from outbox.receipts.draw import render_plain_receipt
    from outbox.receipts.model import Receipt

    _kind, receipt = _model(words, target)
    if not isinstance(receipt, Receipt):
        raise TypeError(type(receipt).__name__)
    with target.scratch():
        return _written(render_plain_receipt(signed_by(company, receipt)), target)


def _committed(words: bytes, sha256: str) -> str:
    plain = zlib.decompress(words)
    if hashlib.sha256(plain).hexdigest() != sha256:
        raise ValueError("these are not the words that were committed")
    return plain.decode("utf-8", "surrogatepass")


def _model(words: bytes, target: TargetFile) -> tuple[Kind, Any]:
    """What was committed: the file to be drawn is named for it, so nothing else can take its place."""
    name, says = heard(_committed(words, target.stem))
    kind = _NAMED[name]
    return kind, model_of(kind.model(), says)


@lru_cache(_PARTS)
def _part(words: bytes) -> tuple[str, Any]:
    """The hash of a part, and what it says: made once in a process for all files that have it."""
    from outbox.templates.model import Listing

    plain = zlib.decompress(words)
    _kind, says = heard(plain.decode("utf-8", "surrogatepass"))
    return hashlib.sha256(plain).hexdigest(), model_of(Listing, says)


def _written(data: bytes, target: TargetFile) -> str:
    target.write(data)
    return hashlib.sha256(data).hexdigest()
