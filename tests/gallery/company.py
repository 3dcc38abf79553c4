"""What there is to be drawn: the demo's month, and from it one workbook of each kind with somebody who reads it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import openpyxl
from python_calamine import CalamineWorkbook

from demo import company
from demo.company import MARKER
from demo.stage import Stage
from demo.story import Act
from outbox.page.model import NAME
from outbox.templates.template import render_template
from policy.clauses import cite
from policy.form import Form, columns
from policy.forms import FORMS
from policy.settings import load_settings

REPOSITORY = Path(__file__).parents[2]
POSTS = {"销售人员": "张伟", "部门经理": "林婉清", "销售经理": "赵明远", "出纳": "孙丽", "企管部": "钱进", "人力资源部": "郑雪"}  # fmt: skip
WAITING = "审批"
EVENTFUL = "2026-11-03"  #: a day of the demo's story on which reports were late and missing
_OUTCOMES = ("退回", "待补照片", "请留意", "收下", "拒收", "通知", "审批结果")


@dataclass(frozen=True)
class Workbook:
    """One to be drawn."""

    group: str
    name: str
    path: Path
    whose: str = ""


class Watched(Stage):
    """A stage of which every approval sheet is kept as it was sent out: people decide them within hours."""

    def play(self, now: datetime, acts: tuple[Act, ...]) -> None:
        """A round, and what then waits for its approvers."""
        super().play(now, acts)
        kept = self.home.with_name(WAITING)
        for sheet in self.folders.share.glob("*/取件/审批/*.xlsx"):
            target = kept / sheet.parts[-4] / sheet.name
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(sheet, target)


def played(home: Path) -> Path:
    """Let the demo's company live in *home* unless it has; gives the folder of the sheets as they were sent out.

    :raises RuntimeError: the demo had troubles
    """
    waiting = home.with_name(WAITING)
    if (home / MARKER).is_file() and waiting.is_dir():
        return waiting
    shutil.rmtree(waiting, ignore_errors=True)
    with patch.object(company, "Stage", Watched):
        troubles = company.live(home, lambda done, of: print(f"demo: {done} of {of}", flush=True)).troubles
    if troubles:
        raise RuntimeError("\n".join(troubles))
    return waiting


def workbooks(home: Path, waiting: Path, scratch: Path) -> Iterator[Workbook]:
    """One workbook of each kind; examples are filled into copies below *scratch*."""
    share = home / "share"
    for form in FORMS:
        yield Workbook("表单", form.sheet, _filled(form, scratch))
    for post, who in POSTS.items():
        for path in (share / who / "取件" / "模板").glob("个人工作簿.xlsx"):
            yield Workbook("个人工作簿", post, path, who)
    for outcome in _OUTCOMES:
        found = sorted(share.glob(f"*/取件/回执/*/*_{outcome}*.xlsx"))
        decided = [path for path in found if "_审批_" in path.name or "_确认_" in path.name]
        for kind in (set(found).difference(decided), decided):
            for path in sorted(kind, key=lambda each: (_rows(each), each.name))[-1:]:
                yield Workbook("回执", path.stem, path, path.parts[-5])
    yield from _approvals(home, waiting)
    for post, who in POSTS.items():
        for path in _newest(share / who / "取件" / "报表"):
            yield Workbook("报表", f"{post} {path.stem}", path, who)


def _rows(path: Path) -> int:
    book = CalamineWorkbook.from_path(path)
    return sum(book.get_sheet_by_name(name).total_height for name in book.sheet_names)


def _approvals(home: Path, waiting: Path) -> Iterator[Workbook]:
    """Of each form the largest sheet that waited, and the largest that was decided, as it lies in the archive."""
    kinds = sorted({path.stem.split("_")[1] for path in waiting.rglob("*.xlsx")})
    for kind in kinds:
        path = max(waiting.rglob(f"*_{kind}_*.xlsx"), key=lambda each: each.stat().st_size)
        yield Workbook("审批单", f"{kind} 等待", path, path.parent.name)
    archived = sorted(home.glob("book/archive/**/*审批_*.xlsx")) + sorted(home.glob("book/archive/**/*确认_*.xlsx"))
    for kind in sorted({path.stem.split("_")[-2] for path in archived}):
        path = max((each for each in archived if f"_{kind}_" in each.name), key=lambda each: each.stat().st_size)
        yield Workbook("审批单", f"{kind} 已填", path)


def _newest(reports: Path) -> list[Path]:
    """The report that lies under a stable name, or else the latest, of each kind; and a day on which much happened."""
    kinds: dict[str, Path] = {}
    found = [path for path in reports.rglob("*.xlsx") if "_第" not in path.name]
    for path in sorted(found, key=lambda each: (each.parent == reports, each.name)):
        kinds[path.stem.split("_")[0]] = path
    return [*kinds.values(), *reports.rglob(f"日报合规_{EVENTFUL}.xlsx")]


def pages(home: Path) -> Iterator[tuple[str, Path]]:
    """(post, page) of somebody in each post."""
    for post, who in POSTS.items():
        yield post, home / "share" / who / "取件" / NAME


def _filled(form: type[Form], scratch: Path) -> Path:
    """The template as it is delivered, its example written into the first row."""
    lists = load_settings(REPOSITORY / "config.toml").lists.model_dump()
    book = openpyxl.load_workbook(
        io.BytesIO(render_template(form, lists, datetime(2026, 1, 1), version="1", cite=cite))
    )
    for number, column in enumerate(columns(form), 1):
        book[form.sheet].cell(2, number).value = column.example
    scratch.mkdir(parents=True, exist_ok=True)
    path = scratch / f"{form.code}.xlsx"
    book.save(path)
    return path
