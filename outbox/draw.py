"""From what was committed to the finished workbook; runs in the reader processes, in any of them, as often as needed.

The same words give the same bytes.  Pictures are read from the archive when they are drawn.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from disk.luggage import Shown, Target
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


def draw_file(words: bytes, kept: Shown, target: Target, own: Path | None = None, company: str = "") -> str | Remarked:
    """Draw what *words* say (squeezed, as the ledger keeps them) to *target*; gives the file's sha256.

    :param kept: the pictures that it may show
    :param own: the company's own templates of pages, which lie on this machine
    :param company: its name, for headings
    :raises KeyError: this version does not know such a file
    :raises ValueError: *words* are not those for which *target* is named
    """
    model, drawn = _model(words, target)
    with target.scratch():
        if isinstance(model, Home):
            data, fault = _home(model, kept.picture, own)
            sha256 = _written(data, target)
            return Remarked(sha256, fault) if fault else sha256
        return _written(drawn(signed_by(company, model), kept.picture), target)


def draw_plain(words: bytes, target: Target, company: str = "") -> str:
    """A receipt that could not be drawn in full, drawn with its words alone: better than no answer.

    :raises TypeError: it is no receipt; an approver is never shown a sheet without its pictures
    :raises ValueError: it has no pictures that could be left out
    """
    receipt, _drawn = _model(words, target)
    if not isinstance(receipt, Receipt):
        raise TypeError(type(receipt).__name__)
    with target.scratch():
        return _written(render_plain_receipt(signed_by(company, receipt)), target)


def _committed(words: bytes, sha256: str) -> str:
    plain = zlib.decompress(words)
    if hashlib.sha256(plain).hexdigest() != sha256:
        raise ValueError("these are not the words that were committed")
    return plain.decode("utf-8", "surrogatepass")


def _model(words: bytes, target: Target) -> tuple[Any, Drawn]:
    """What was committed: the file to be drawn is named for it, so nothing else can take its place."""
    kind, says = heard(_committed(words, target.stem))
    model, drawn = {model.__name__: (model, drawn) for model, drawn in KINDS}[kind]
    return model_of(model, says), drawn


def _written(data: bytes, target: Target) -> str:
    target.write(data)
    return hashlib.sha256(data).hexdigest()
