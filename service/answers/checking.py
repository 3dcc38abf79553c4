"""``check``: workbooks judged without being taken; the book is asked, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from intake.raw import Refusal, Sheet
from intake.reading import workbook_at
from intake.sandbox.readers import Failure
from ledger.people import called_now
from ledger.records import Person
from outbox.receipts.compose import finding_words
from policy.form import Form
from service.company import Service
from service.files.reads import given_up
from service.founding import READ_AGAIN, operator
from service.rows.admission import refusal
from service.rows.merging import needs_approval
from validators.context import Context
from validators.judging import RawRow, judge, shaped_row, texts
from validators.layout import Unfit, cells_of, form_of, lay_out, troubles_by_row, troubles_of
from validators.verdict import Verdict


@dataclass
class Told:
    """What ``check`` has to say."""

    lines: list[str] = field(default_factory=list)
    data: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def check_files(service: Service, paths: list[Path], name: str | None, now: datetime) -> Told:
    """Judge workbooks as if *name* had dropped them now (default: as the operator)."""
    told = Told()
    person = service.people(now.date()).get(called_now(service.book, name)) if name else None
    if name and person is None:
        told.troubles.append(f"人员名册中没有“{name}”")
        return told
    calls = [(path, service.limits()) for path in paths if path.is_file()]
    told.troubles += [f"找不到文件 {path}" for path in paths if not path.is_file()]
    for (path, _limits), read in zip(calls, service.readers.map(workbook_at, calls), strict=True):
        told.lines.append(f"== {path.name}")
        came = given_up(read, READ_AGAIN) if isinstance(read, Failure) else read
        if isinstance(came, Refusal):
            words = f"{came.reason}。{came.remedy}"
            told.lines.append(f"拒收：{words}")
            told.data.append({"file": path.name, "refused": words})
            continue
        for sheet in came.sheets:
            _check_sheet(service, path.name, sheet, person, now, told)
    return told


def _check_sheet(service: Service, file: str, sheet: Sheet, named: Person | None, now: datetime, told: Told) -> None:
    form = form_of(sheet)
    if form is None or not sheet.rows:
        return
    laid, person = lay_out(sheet, form), named or operator(form, now)
    if barred := refusal(form, person, now.date()):
        laid = Unfit(barred.why, barred.message, laid.layout if isinstance(laid, Unfit) else laid)
    if isinstance(laid, Unfit):
        told.lines.append(f"“{sheet.name}”整表退回：{laid.message}")
        told.data.append({"file": file, "sheet": sheet.name, "refused": laid.message})
        return
    context = Context(service.book, service.settings.as_of(now.date()), person, now)
    troubles = troubles_by_row(sheet)
    for number, cells in laid.rows:
        raw = RawRow(
            sheet.name,
            number,
            cells_of(laid, cells),
            texts(laid.headers, cells),
            troubles_of(laid, troubles.get(number, {})),
            {},
        )
        _tell(
            service,
            file,
            form,
            judge(shaped_row(form, raw, context.settings.lists.model_dump(), now.date()), context),
            told,
        )


def _tell(service: Service, file: str, form: type[Form], verdict: Verdict, told: Told) -> None:
    outcome = verdict.outcome(needs_approval=needs_approval(service, verdict))
    told.lines.append(f"{verdict.sheet} 第 {verdict.row_no} 行：{outcome.value}")
    told.lines += [f"    {words}" for words in _words(verdict)]
    told.data.append(
        {
            "file": file,
            "sheet": verdict.sheet,
            "row": verdict.row_no,
            "outcome": outcome.value,
            "findings": [vars(finding) for finding in verdict.findings],
            "missing_photos": verdict.missing,
        }
    )


def _words(verdict: Verdict) -> Iterator[str]:
    for finding in verdict.findings:
        yield f"{finding.column or '整行'}：{finding_words(finding)}"
    for name in verdict.missing:
        yield f"照片“{name}”还没有收到"
