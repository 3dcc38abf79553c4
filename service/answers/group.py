"""The group's books side by side: figures of each branch, and what two of them have (目的 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from disk.private import write_private
from ledger import group_figures
from ledger.branches import Branches, Records
from outbox.reports.group import BranchLine, GroupOverview, Shared, render_group
from service.company import Service, book_path
from service.upkeep.logs import masked

_FEN = 100


def write_overview(service: Service, month: date, target: Path, now: datetime) -> GroupOverview:
    """Write the workbook of a month to *target*; branches that cannot be read are named in it.

    :raises OSError: it cannot be written
    """
    group = service.settings.group
    books = Branches({group.name: book_path(service.settings), **group.branches}, group.wait_seconds)
    overview = _overview(service, books, f"{month:%Y-%m}", now)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_private(target, render_group(overview))
    return overview


def _overview(service: Service, books: Branches, month: str, now: datetime) -> GroupOverview:
    figures = books.everywhere(group_figures.OF_A_MONTH, month, now.date().isoformat())
    away = books.unheard()
    return GroupOverview(
        month=month,
        lines=tuple(_line(name, figures.get(name), away.get(name, "")) for name in books.names),
        customers=_shared(books.everywhere(group_figures.CUSTOMERS)),
        photos=_shared(books.everywhere(group_figures.PHOTOS)),
        people=_shared(books.everywhere(group_figures.PEOPLE), hide=True),
        made_at=now,
        company=service.settings.company.name,
    )


def _line(branch: str, records: Records | None, why: str) -> BranchLine:
    if not records:
        return BranchLine(branch, "", remark=f"账本读不到：{why}")
    (found,) = records
    until = str(found.pop("until") or "").replace("T", " ")
    money = {name: found.pop(name) / _FEN for name in ("ordered", "paid")}
    return BranchLine(branch, until, **found, **money)


def _shared(answers: Mapping[str, Records], *, hide: bool = False) -> tuple[Shared, ...]:
    by_key: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for branch, records in answers.items():
        for record in records:
            by_key.setdefault(str(record["key"]), {}).setdefault(branch, []).append(record)
    return tuple(_one(found, hide=hide) for _key, found in sorted(by_key.items()) if len(found) > 1)


def _one(found: Mapping[str, Iterable[Mapping[str, Any]]], *, hide: bool) -> Shared:
    details = tuple(
        f"{branch}：{'、'.join(str(each['detail']) for each in records)}" for branch, records in found.items()
    )
    what = next(str(each["what"]) for records in found.values() for each in records)
    return Shared(masked(what) if hide else what, tuple(found), details)
