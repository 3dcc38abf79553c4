"""A company that tests play: people drop sheets and photos into folders, and look at what comes back.

What people do goes through folders only.  Only the clock is the test's own.
"""

from __future__ import annotations

import atexit
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

import openpyxl
from openpyxl.drawing.image import Image
from openpyxl.worksheet.worksheet import Worksheet

from intake.sandbox.here import LocalReaders
from intake.sandbox.readers import Limits
from policy.form import columns
from policy.forms import form_named
from policy.settings import load_settings
from service.closing import close_day
from service.company import Service, clock, open_service
from service.days.periods import Closed
from service.founding import Founded, found
from service.months import close_month
from service.summary import Summary
from service.taking import take_everything
from tests.pictures import photo

Cells = Mapping[str, Any]
CONFIG = Path(__file__).parents[1] / "config.toml"
FOUNDED = "2026-11-20 09:00"  #: a Friday
FRONT = (22.5405, 113.9345)  #: 广东省/深圳市/南山区, where the usual customer has its door


def person(name: str, phone: str, department: str, post: str, **other: Any) -> Cells:
    """A row of the roster."""
    sells = post == "销售人员"
    return {
        "姓名": name, "手机号码": phone, "性别": "男", "部门": department, "岗位": post,
        "客户数量上限": 50 if sells else 0, "最长跟进天数": 30 if sells else 0, "入职日期": "2026-11-01", **other,
    }  # fmt: skip


STAFF = (
    person("张三", "13800138000", "销售一部", "销售人员"),
    person("王五", "13800138002", "销售一部", "销售人员"),
    person("陈六", "13800138006", "销售二部", "销售人员"),
    person("李四", "13800138001", "销售一部", "部门经理"),
    person("周八", "13800138007", "销售二部", "部门经理"),
    person("赵总", "13800138003", "销售部", "销售经理"),
    person("钱督", "13800138004", "企管部", "企管部"),
    person("孙人", "13800138005", "人力资源部", "人力资源部"),
)


def customer(name: str = "深圳市宏远电子有限公司", **other: Any) -> Cells:
    """A row of 客户新增 at which nothing is wrong, if 门头.jpg comes with it."""
    return {
        "客户名称": name, "客户来源": "转介绍", "门头照片": "门头.jpg", "客户类型": "民营企业", "联系人": "李红",
        "联系电话": "0755-26001234", "客户地址": "广东省/深圳市/南山区", "详细地址": "科苑路8号3栋1205室",
        "销售区域": "华南", **other,
    }  # fmt: skip


def visit(picture: str | None = "现场.jpg", name: str = "深圳市宏远电子有限公司", **other: Any) -> Cells:
    """A row of 拜访记录 at which nothing is wrong, if its picture comes with it."""
    return {
        "客户名称": name, "现场照片": picture, "拜访对象": "李红", "拜访目的": "确认二期设备数量和交期",
        "拜访记录": "李经理确认二期需要四十台，希望春节前交货；我方答应周五前给出报价。", "下次拜访目的": "带报价单",
        **other,
    }  # fmt: skip


def claim(name: str = "深圳市宏远电子有限公司", **other: Any) -> Cells:
    """A row of 客户申领."""
    return {"客户名称": name, "申领说明": "展会上接触过采购经理，准备上门拜访", **other}


def transfer(name: str, receiver: str, **other: Any) -> Cells:
    """A row of 客户转交 at which nothing is wrong."""
    return {
        "客户名称": name, "接受人": receiver, "转交原因": "范围调整",
        "转交说明": "南山片区调整，由接受人继续跟进这个客户的二期项目", **other,
    }  # fmt: skip


def change(name: str = "深圳市宏远电子有限公司", **other: Any) -> Cells:
    """A row of 信息变更; give what changes."""
    return {"客户名称": name, "变更说明": "客户来函通知变更", **other}


def report(day: str, **other: Any) -> Cells:
    """A row of 销售日报 at which nothing is wrong."""
    return {
        "日期": day, "今日工作总结": f"{day} 拜访宏远电子，确认二期四十台；跟进华新报价。",
        "明日工作计划": "上午整理报价，下午拜访华新。", **other,
    }  # fmt: skip


def shot(at: str, seed: int = 1, place: tuple[float, float] | None = FRONT, **tags: Any) -> bytes:
    """A phone's picture taken at *at*."""
    return photo(seed, taken=moment(at), place=place, **tags)


def moment(text: str) -> datetime:
    """``11-23 18:00`` is in 2026; a year in front wins."""
    return datetime.fromisoformat(text if re.match(r"\d{4}-", text) else f"2026-{text}")


SEEDS: dict[str, int] = {}  #: customer → seed of its shop front, different for each


@dataclass(frozen=True)
class Paper:
    """A workbook that came back, read as people read it."""

    path: Path
    sheets: Mapping[str, list[dict[str, Any]]]  #: sheet → rows as dictionaries by the headers in row 1
    text: str  #: everything that stands on the first sheet

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        """The rows of a sheet."""
        return self.sheets[sheet]

    def outcomes(self, sheet: str) -> list[str]:
        """结果 of each row."""
        return [row["结果"] for row in self.sheets[sheet]]

    def row(self, sheet: str, index: int = 0) -> dict[str, Any]:
        """One row, the first if nothing else is asked."""
        return self.sheets[sheet][index]


def read(path: Path) -> Paper:
    """The workbook at *path*."""
    with closing(openpyxl.load_workbook(path)) as book:
        sheets = {page.title: _rows(page) for page in book.worksheets}
        cells = [cell for line in book.worksheets[0].iter_rows(values_only=True) for cell in line if cell is not None]
    return Paper(path, sheets, "\n".join(map(str, cells)))


def _rows(page: Worksheet) -> list[dict[str, Any]]:
    lines = list(page.iter_rows(values_only=True))[head_row(page) - 1 :]
    headers = lines[0] if lines else ()
    return [
        {str(header): cell for header, cell in zip(headers, line, strict=True) if header is not None}
        for line in lines[1:]
        if any(cell is not None for cell in line)
    ]


def head_row(page: Worksheet) -> int:
    """The row of headers, from 1: on an approval sheet below the cell that decides the rest."""
    return 2 if page["A1"].value == "其余同意" else 1


def section(co: Company, name: str, title: str) -> list[dict[str, Any]]:
    """A sheet of somebody's 个人工作簿."""
    return table(co.share / name / "取件" / "模板" / "个人工作簿.xlsx", title)


def table(path: Path, title: str) -> list[dict[str, Any]]:
    """A sheet with notes above its headers."""
    with closing(openpyxl.load_workbook(path)) as book:
        lines = [line for line in book[title].iter_rows(values_only=True) if any(cell is not None for cell in line)]
    top = next((n for n, line in enumerate(lines) if sum(cell is not None for cell in line) > 1), len(lines))
    return [dict(zip(map(str, lines[top]), line, strict=True)) for line in lines[top + 1 :]]


def write(path: Path, sheets: Mapping[str, Sequence[Cells]], pictures: Iterable[tuple[str, str, Path]] = ()) -> Path:
    """A workbook with the forms' columns; *pictures* are (sheet, cell, file) and float over the cell."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page, form = book.create_sheet(name), form_named(name)
        headers = [column.header for column in columns(form)] if form else list(rows[0])
        page.append(headers)
        for row in rows:
            page.append([row.get(header) for header in headers])
    for name, cell, file in pictures:
        book[name].add_image(Image(file), cell)
    book.save(path)
    return path


@cache
def _readers() -> LocalReaders:
    readers = LocalReaders(Limits(60, 512))
    atexit.register(readers.close)
    return readers


@dataclass
class Company:
    """Folders, a ledger and a clock of its own; use it with ``with``."""

    folder: Path
    service: Service
    seen: dict[Path, bytes] = field(default_factory=dict)  #: what was looked at, and what it said then

    def __enter__(self) -> Company:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.service.book.close()

    @property
    def config(self) -> Path:
        """The company's config."""
        return self.folder / "config.toml"

    @property
    def share(self) -> Path:
        """What staff see."""
        return self.folder / "share"

    @property
    def book(self) -> Path:
        """What only the service sees."""
        return self.folder / "book"

    def clock(self, at: str) -> datetime:
        """*at* in the company's zone."""
        return clock(self.service, moment(at))

    def found(self, people: Sequence[Cells], at: str = FOUNDED) -> Founded:
        """``init`` with a roster."""
        roster = write(self.folder / "名册.xlsx", {"人员新增": people})
        return found(self.service, roster, self.clock(at))

    def drop(self, name: str, file: str, data: bytes) -> Path:
        """Put a file into somebody's drop folder."""
        path = self.share / name / "投递" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def hand_in(
        self,
        name: str,
        file: str = "今天.xlsx",
        pictures: Iterable[tuple[str, str, Path]] = (),
        **sheets: Sequence[Cells],
    ) -> Path:
        """Fill sheets in and put the workbook into one's drop folder."""
        return write(self.share / name / "投递" / file, sheets, pictures)

    def run(self, at: str) -> Summary:
        """``run`` at a moment; what was dropped arrives just then."""
        now = self.clock(at)
        return take_everything(self.service, now, arrival=now)

    def nightly(self, day: str, at: str) -> Closed:
        """``nightly --date`` at a moment."""
        now = self.clock(at)
        return close_day(self.service, moment(day).date(), now, arrival=now)

    def monthly(self, month: str, at: str) -> Closed:
        """``monthly --month`` at a moment."""
        now, (year, number) = self.clock(at), map(int, month.split("-"))
        return close_month(self.service, year, number, now, arrival=now)

    def new(self, name: str, folder: str = "回执") -> list[Path]:
        """The workbooks in one of somebody's pick-up folders that were not there, or not so, when last asked."""
        return self.fresh(sorted((self.share / name / "取件" / folder).rglob("*.xlsx")))

    def fresh(self, found: Iterable[Path]) -> list[Path]:
        """Those of the files that were not looked at before, or say something else now."""
        said = {path: sha256(path.read_bytes()).digest() for path in found}
        fresh = [path for path in said if self.seen.get(path) != said[path]]
        self.seen.update(said)
        return fresh

    def receipt(self, name: str, of: str = "") -> Paper:
        """The one new receipt of somebody whose file name holds *of*."""
        (path,) = [path for path in self.new(name) if of in path.name]
        return read(path)

    def approval(self, name: str, form: str) -> Path:
        """The one new approval sheet of a form."""
        (path,) = self.fresh(sorted((self.share / name / "取件" / "审批").glob(f"审批_{form}_*.xlsx")))
        return path

    def answers(self, name: str, form: str, rows: Iterable[Cells], at: str) -> list[dict[str, Any]]:
        """Hand these rows in at *at*; the rows of their receipt."""
        write(self.share / name / "投递" / f"{form}.xlsx", {form: list(rows)})
        self.run(at)
        return self.receipt(name, form).rows(form)

    def decide(
        self, name: str, sheet: Path, decision: str = "同意", comment: str | None = None, *, file: str = "",
        rows: Iterable[int] | None = None, edit: Callable[[Worksheet], None] | None = None,
    ) -> None:  # fmt: skip
        """Fill in an approval sheet (all rows, or those counted from 0 in *rows*) and drop it."""
        book = openpyxl.load_workbook(sheet)
        page = book.worksheets[0]
        top = head_row(page)
        at = {cell.value: n for n, cell in enumerate(page[top], 1)}
        lines = [n for n in range(top + 1, page.max_row + 1) if any(cell.value is not None for cell in page[n])]
        for number in lines if rows is None else [lines[index] for index in rows]:
            page.cell(number, at["审批结论"], decision)
            page.cell(number, at["审批意见"]).value = comment
        if edit:
            edit(page)
        book.save(self.share / name / "投递" / (file or sheet.name))

    def approve(self, approver: str, form: str, at: str, decision: str = "同意") -> Paper:
        """Decide a whole new approval sheet; gives the approver's receipt."""
        self.decide(approver, self.approval(approver, form), decision, "请看制度" if decision == "驳回" else None)
        self.run(at)
        return self.receipt(approver, "审批_")

    def gain(self, owner: str, manager: str, *names: str, at: str = "11-23 09:00", **other: Any) -> None:
        """New customers handed in and approved: a picture each, and nothing left unread."""
        for n, name in enumerate(names):
            self.drop(owner, f"门头{n}.jpg", shot(at, SEEDS.setdefault(name, 500 + len(SEEDS))))
        self.hand_in(owner, "新客户.xlsx", 客户新增=[
            customer(name, 门头照片=f"门头{n}.jpg", **other) for n, name in enumerate(names)
        ])  # fmt: skip
        self.run(at)
        self.approve(manager, "客户新增", at)
        self.new(owner)

    def told(self, name: str, form: str, of: str = "") -> list[str]:
        """结果 and 说明 of the rows in the newest receipt with this form, whose file name holds *of*."""
        papers = [read(path) for path in self.new(name) if of in path.name]
        found = [paper.rows(form) for paper in papers if form in paper.sheets]
        return [f"{row['结果']} {row['说明'] or ''}" for row in found[-1]]

    def report(self, name: str, title: str) -> Paper:
        """A report in somebody's pick-up folder."""
        (path,) = (self.share / name / "取件" / "报表").rglob(f"{title}.xlsx")
        return read(path)

    def ask(self, question: str, *values: Any) -> list[dict[str, Any]]:
        """A question to the ledger's views, as other programs ask."""
        with closing(sqlite3.connect(f"{(self.book / 'ledger.db').as_uri()}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(question, values)]

    def dropped(self) -> list[str]:
        """What still lies in drop folders."""
        return sorted(
            path.relative_to(self.share).as_posix() for path in self.share.glob("*/投递/**/*") if path.is_file()
        )


def a_company(folder: Path, people: Sequence[Cells] = STAFF, *, config: Mapping[str, str] | None = None) -> Company:
    """A company founded on a Friday.

    :param config: lines of the config to be put in another one's place (beginning → whole line); ``""`` adds one
    """
    if people is STAFF:
        return _copied(_founded_once(), folder, config or {})
    made = _opened(folder, config or {})
    if people:
        made.found(people)
    return made


def a_company_with_a_customer(folder: Path, *, config: Mapping[str, str] | None = None) -> Company:
    """The same on Monday morning: 张三 has a customer, whom 王五 shares."""
    return _copied(_with_a_customer_once(), folder, config or {})


def a_company_with_a_pool(folder: Path, *, config: Mapping[str, str] | None = None) -> Company:
    """The same on Christmas Eve: the night has returned all three customers of 张三 to the pool."""
    return _copied(_with_a_pool_once(), folder, config or {})


def reopened(folder: Path, *, config: Mapping[str, str] | None = None) -> Company:
    """A company that was founded before, opened again, perhaps with another config."""
    return _opened(folder, config or {})


def _opened(folder: Path, config: Mapping[str, str]) -> Company:
    write_config(folder, config)
    service = open_service(load_settings(folder / "config.toml"))
    if service.settings.workers.engine == "local":
        service = replace(service, readers=_readers())  # one pool for all companies: starting it takes a while
    return Company(folder, service)


def _copied(original: Path, folder: Path, config: Mapping[str, str]) -> Company:
    """Founding takes a while, and is the same each time."""
    shutil.copytree(original, folder, dirs_exist_ok=True)
    made = _opened(folder, config)
    made.fresh(made.share.glob("*/取件/**/*.xlsx"))
    return made


@cache
def _founded_once() -> Path:
    folder = _folder()
    with _opened(folder, {}) as made:
        made.found(STAFF)
    return folder


@cache
def _with_a_customer_once() -> Path:
    folder = _folder()
    with _copied(_founded_once(), folder, {}) as made:
        made.drop("张三", "门头.jpg", shot("11-23 08:30", 1))
        made.hand_in("张三", 客户新增=[customer(共享人员="王五")])
        made.run("11-23 09:00")
        made.decide("李四", made.approval("李四", "客户新增"))
        made.run("11-23 09:30")
    return folder


POOL = ("深圳市宏远电子有限公司", "广州白云家具厂", "珠海海天食品有限公司")


@cache
def _with_a_pool_once() -> Path:
    folder = _folder()
    with _copied(_founded_once(), folder, {}) as made:
        made.gain("张三", "李四", *POOL)
        made.nightly("2026-12-23", "12-24 00:30")
    return folder


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kebu-company-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def write_config(folder: Path, changes: Mapping[str, str]) -> Path:
    """The product's own config with other lines, and without waiting for files to settle."""
    text = CONFIG.read_text(encoding="utf-8")
    for start, line in {"settle_seconds = ": "settle_seconds = 0", "by = ": 'by = "run"', **changes}.items():
        if start:
            text, n = re.subn(rf"^{re.escape(start)}.*$", line.replace("\\", "\\\\"), text, flags=re.MULTILINE)
            assert n == 1, f"{n} lines of the config begin with {start}"
        else:
            text += f"\n{line}\n"
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def days_of(rows: Iterable[Cells]) -> list[date]:
    """日期 of each row, as dates."""
    return [row["日期"].date() if isinstance(row["日期"], datetime) else row["日期"] for row in rows]
