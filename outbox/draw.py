"""From what was committed to the finished workbook; runs in the reader processes, in any of them, as often as needed.

The same words give the same bytes.  Pictures are read from the archive when they are drawn.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from disk.private import opened_private
from outbox.approvals.model import ApprovalSheet, PictureCopy
from outbox.approvals.sheet import render_approval_sheet
from outbox.delivery import Remarked
from outbox.heading import signed_by
from outbox.page.model import Home
from outbox.receipts.draw import render_plain_receipt, render_receipt
from outbox.receipts.model import Receipt
from outbox.reports.attainment import AttainmentReport, render_attainment
from outbox.reports.compliance import ComplianceReport, render_compliance
from outbox.reports.deduction import DeductionReport, render_deduction
from outbox.reports.funnel.model import FunnelReport
from outbox.reports.funnel.sheets import render_funnel
from outbox.reports.month_calendar import MonthCalendar, render_month_calendar
from outbox.reports.overview import Overview, render_overview
from outbox.reports.unclaimed import Unclaimed, render_unclaimed
from outbox.templates.model import FormTemplate, PersonalWorkbook
from outbox.templates.template import draw_template
from outbox.templates.workbook import draw_personal_workbook
from outbox.told import heard, model_of
from outbox.xlsx.picture import Pictures

Drawn = Callable[[Any, Pictures], bytes]

#: What can be told: the model, and how it is drawn.
KINDS: tuple[tuple[type[Any], Drawn], ...] = (
    (Receipt, render_receipt),
    (ApprovalSheet, render_approval_sheet),
    (PictureCopy, lambda model, pictures: _copied(pictures(model.kept_as))),
    (FormTemplate, lambda model, _pictures: draw_template(model)),
    (PersonalWorkbook, lambda model, _pictures: draw_personal_workbook(model)),
    (ComplianceReport, lambda model, _pictures: render_compliance(model)),
    (DeductionReport, lambda model, _pictures: render_deduction(model)),
    (AttainmentReport, lambda model, _pictures: render_attainment(model)),
    (MonthCalendar, lambda model, _pictures: render_month_calendar(model)),
    (FunnelReport, lambda model, _pictures: render_funnel(model)),
    (Overview, lambda model, _pictures: render_overview(model)),
    (Unclaimed, lambda model, _pictures: render_unclaimed(model)),
    (Home, lambda model, pictures: _home(model, pictures, None)[0]),
)


def _copied(data: bytes) -> bytes:
    """A file that is its own words.

    :raises ValueError: it could not be made
    """
    if not data:
        raise ValueError("there is no copy of the picture")
    return data


def _home(page: Home, pictures: Pictures, own: Path | None) -> tuple[bytes, str]:
    from outbox.page.draw import render_home  # what draws pages is loaded where there are any

    return render_home(page, pictures, own / "page" if own else None)


def draw_file(
    words: bytes, book: Path, target: Path, own: Path | None = None, company: str = "", cold: Path | None = None
) -> str | Remarked:
    """Draw what *words* say (squeezed, as the ledger keeps them) to *target*; gives the file's sha256.

    :param book: the book's folder, below which the pictures lie
    :param own: the company's own templates of pages
    :param company: its name, for headings
    :param cold: where old originals may lie instead
    :raises KeyError: this version does not know such a file
    :raises ValueError: *words* are not those for which *target* is named
    """
    model, drawn = _model(words, target)
    with _scratch_in(target.parent):
        if isinstance(model, Home):
            data, fault = _home(model, _kept_in(book, cold), own)
            sha256 = _written(data, target)
            return Remarked(sha256, fault) if fault else sha256
        return _written(drawn(signed_by(company, model), _kept_in(book, cold)), target)


def draw_plain(words: bytes, target: Path, company: str = "") -> str:
    """A receipt that could not be drawn in full, drawn with its words alone: better than no answer.

    :raises TypeError: it is no receipt; an approver is never shown a sheet without its pictures
    :raises ValueError: it has no pictures that could be left out
    """
    receipt, _drawn = _model(words, target)
    if not isinstance(receipt, Receipt):
        raise TypeError(type(receipt).__name__)
    with _scratch_in(target.parent):
        return _written(render_plain_receipt(signed_by(company, receipt)), target)


@contextmanager
def _scratch_in(folder: Path) -> Iterator[None]:
    """The writer's own scratch holds the same words: it lies where nobody else may look, and is swept with the spool."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _committed(words: bytes, sha256: str) -> str:
    plain = zlib.decompress(words)
    if hashlib.sha256(plain).hexdigest() != sha256:
        raise ValueError("these are not the words that were committed")
    return plain.decode("utf-8", "surrogatepass")


def _model(words: bytes, target: Path) -> tuple[Any, Drawn]:
    """What was committed: the file to be drawn is named for it, so nothing else can take its place."""
    kind, says = heard(_committed(words, target.stem))
    model, drawn = {model.__name__: (model, drawn) for model, drawn in KINDS}[kind]
    return model_of(model, says), drawn


def _written(data: bytes, target: Path) -> str:
    with opened_private(target) as stream:  # scratch: a crash draws it again
        stream.write(data)
    return hashlib.sha256(data).hexdigest()


def _kept_in(book: Path, cold: Path | None) -> Pictures:
    def picture(kept_as: str) -> bytes:
        for place in (book, cold) if cold else (book,):
            try:
                return (place / kept_as).read_bytes()
            except OSError:  # `verify` says so; the words are told all the same
                continue
        return b""

    return picture
