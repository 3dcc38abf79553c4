"""A small company on disk, and Kebu as real processes: started, watched, killed at a chosen point."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

import sync
from demo.camera import Shot
from demo.pictures import jpeg, scene

REPOSITORY = Path(__file__).parents[1]
PEOPLE = (
    ("张三", "13800138000", "男", "销售一部", "销售人员"),
    ("王五", "13800138002", "女", "销售一部", "销售人员"),
    ("李四", "13800138001", "男", "销售一部", "部门经理"),
    ("钱督", "13800138004", "女", "企管部", "企管部"),
    ("孙人", "13800138005", "女", "人力资源部", "人力资源部"),
)
SOUTH = (22.5405, 113.9345)  #: 广东省/深圳市/南山区

ZONE = ZoneInfo("Asia/Shanghai")

Row = Mapping[str, object]


@dataclass(frozen=True)
class Company:
    """A company's folder: config, share and book."""

    home: Path

    @property
    def share(self) -> Path:
        """What staff see."""
        return self.home / "share"

    @property
    def book(self) -> Path:
        """What only the service sees."""
        return self.home / "book"

    def drop(self, person: str) -> Path:
        """Where *person* drops."""
        return self.share / person / "投递"

    def pickup(self, person: str, folder: str) -> list[Path]:
        """What lies in one of *person*'s pick-up folders."""
        return sorted((self.share / person / "取件" / folder).rglob("*.xlsx"))

    def waiting(self) -> list[Path]:
        """Every file that still lies in a drop folder."""
        return sorted(path for path in self.share.glob("*/投递/**/*") if path.is_file())

    def pickups(self) -> dict[str, str]:
        """Every file in a pick-up folder, hidden ones included → hash of its content."""
        paths = (path for path in self.share.glob("*/取件/**/*") if path.is_file())
        return {path.relative_to(self.share).as_posix(): _hash(path) for path in paths}

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a question to the ledger.  It may write: what a killed process left must be rolled back first."""
        with closing(sqlite3.connect(f"file:{self.book / 'ledger.db'}?mode=rw", uri=True, timeout=30)) as ledger:
            return ledger.execute(sql).fetchall()

    def copy(self, home: Path) -> Company:
        """The same company at another place, as a backup would be."""
        shutil.copytree(self.home, home)
        return Company(home)

    def call(self, *arguments: str) -> Any:
        """A command within this process."""
        return CliRunner().invoke(sync.app, [*arguments, "--config", str(self.home / "config.toml")])

    def start(self, *arguments: str, program: Iterable[str] = ("sync.py",), **more: Any) -> subprocess.Popen[str]:
        """A command as a process of its own."""
        log = (self.home / f"log-{time.monotonic_ns()}.txt").open("w", encoding="utf-8")
        with log:
            return subprocess.Popen(
                [sys.executable, "-X", "utf8", *program, *arguments, "--config", str(self.home / "config.toml")],
                cwd=REPOSITORY, stdout=log, stderr=subprocess.STDOUT, text=True, **more,
            )  # fmt: skip

    def logs(self) -> str:
        """What all processes said."""
        return "\n".join(path.read_text("utf-8", "replace") for path in sorted(self.home.glob("log-*.txt")))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def found(home: Path, at: str = "2026-11-20T09:00:00", **intake: object) -> Company:
    """A company of :data:`PEOPLE` with the repository's config, files taken at first sight unless *intake* says so."""
    home.mkdir(parents=True, exist_ok=True)
    text = (REPOSITORY / "config.toml").read_text("utf-8")
    for key, value in {"settle_seconds": 0, **intake}.items():
        text, n = re.subn(rf"(?m)^{key} = \S+", f"{key} = {value}", text)
        assert n == 1, key
    (home / "config.toml").write_text(text, "utf-8")
    roster = [
        {
            "姓名": name, "手机号码": phone, "性别": gender, "部门": department, "岗位": post, "客户数量上限": 5000,
            "最长跟进天数": 30, "入职日期": "2026-11-01", "销售区域": "华南",
        }
        for name, phone, gender, department, post in PEOPLE
    ]  # fmt: skip
    workbook(home / "名册.xlsx", {"人员新增": roster})
    company = Company(home)
    done = company.call("init", "--roster", str(home / "名册.xlsx"), "--now", at)
    assert done.exit_code == 0, done.output
    return company


def workbook(path: Path, sheets: Mapping[str, Iterable[Row]]) -> Path:
    """A workbook as somebody fills it in; a row gives header → value."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        rows = list(rows)
        sheet = book.create_sheet(name)
        headers = list(dict.fromkeys(header for row in rows for header in row))
        sheet.append(headers)
        for row in rows:
            sheet.append([row.get(header) for header in headers])
    book.save(path)
    return path


def photo(path: Path, seed: int, taken: datetime, caption: str = "") -> Path:
    """A photograph taken in Shenzhen."""
    path.write_bytes(jpeg(scene(seed, caption, (800, 600)), Shot(taken.replace(tzinfo=ZONE), *SOUTH)))
    return path


def report(day: str, words: str = "拜访宏远电子，确认二期 40 台；跟进华新报价。") -> Row:
    """A row of 销售日报."""
    return {"日期": day, "今日工作总结": words, "明日工作计划": "上午整理报价，下午拜访华新"}


def customer(name: str, pictures: str) -> Row:
    """A row of 客户新增."""
    return {
        "客户名称": name, "客户来源": "转介绍", "门头照片": pictures, "客户类型": "民营企业", "联系人": "李红",
        "联系电话": "0755-26001234", "客户地址": "广东省/深圳市/南山区", "详细地址": "科苑路8号3栋1205室",
        "销售区域": "华南",
    }  # fmt: skip


def visit(name: str, pictures: str, content: str) -> Row:
    """A row of 拜访记录."""
    return {
        "客户名称": name, "现场照片": pictures, "拜访对象": "李红", "拜访目的": "确认二期设备的数量",
        "拜访记录": content,
    }  # fmt: skip


def decide(sheet: Path, into: Path, decisions: Mapping[str, str]) -> Path:
    """An approval sheet with *decisions* (受理号 → 审批结论; '*' for all others) filled in and dropped."""
    book = load_workbook(sheet)
    page = book.worksheets[0]
    top = 2 if page["A1"].value == "其余同意" else 1
    headers = {str(cell.value): column for column, cell in enumerate(page[top], 1)}
    for row in range(top + 1, page.max_row + 1):
        number = str(page.cell(row, headers["受理号"]).value)
        page.cell(row, headers["审批结论"]).value = decisions.get(number, decisions.get("*"))
    target = into / sheet.name
    book.save(target)
    return target


def cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Sheet → its rows, as another program reads them."""
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(path).worksheets}


def outcomes(path: Path) -> list[str]:
    """结果 of every row in a receipt."""
    pages = (rows for name, rows in cells(path).items() if name != "概要")
    return [str(row[0]) for rows in pages for row in rows[1:]]


def until(truth: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Wait until *truth* holds; fails with *what* was waited for."""
    deadline = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < deadline, f"waited {seconds:g} s in vain: {what}"
        time.sleep(0.1)


def kill(process: subprocess.Popen[str], number: int = signal.SIGKILL) -> int:
    """Send a signal and wait for the end; gives the exit code."""
    process.send_signal(number)
    return process.wait(timeout=60)


#: Runs a command and dies of SIGKILL at its N-th step outwards: each file that is opened for writing, copied, renamed,
#: linked or removed in the company's folder, each BEGIN and COMMIT, each time that the readers are asked.  What it was about to write, it leaves half written.
DOOMED = """
import os, runpy, signal, sqlite3, sys
nth, home, tally, batch = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
sys.path.insert(0, os.getcwd())
sys.argv = ["sync.py", *sys.argv[5:]]
steps = []
FOLDER = {"os.rename": lambda a: a[2], "os.remove": lambda a: a[1], "os.link": lambda a: a[2], "os.mkdir": lambda a: a[2]}
def step(name, path=None):
    steps.append(name)
    if len(steps) == nth:
        if path is not None:
            with open(path, "wb") as half:
                half.write(b"PK half of it")
        os.kill(os.getpid(), signal.SIGKILL)
        signal.pause()
def whole(path, folder=-1):
    if isinstance(path, int):
        return os.readlink(f"/proc/self/fd/{path}")
    path = os.fsdecode(path)
    return os.path.join(os.readlink(f"/proc/self/fd/{folder}"), path) if folder >= 0 else path
def ours(path, folder=-1):
    return isinstance(path, (str, bytes, os.PathLike, int)) and whole(path, folder).startswith(home)
def said(statement):
    if statement.startswith(("BEGIN", "COMMIT")):
        step(statement)
def hear(event, arguments):
    if event in ("os.rename", "os.remove", "os.link", "os.mkdir") and ours(arguments[0], FOLDER[event](arguments)):
        step(event + " " + os.path.basename(os.fsdecode(arguments[0])))
    elif event == "shutil.copyfile" and ours(arguments[1]):
        step(event, arguments[1])
    elif event == "open" and ours(arguments[0]) and isinstance(arguments[1], str) and set(arguments[1]) & set("wxa"):
        path = whole(arguments[0])
        if not path.endswith((".lock", "steps.txt")):
            step("open " + os.path.basename(path), path if "w" in arguments[1] else None)
class Ledger(sqlite3.Connection):
    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.set_trace_callback(said)
connect = sqlite3.connect
sqlite3.connect = lambda *arguments, **more: connect(*arguments, **{"factory": Ledger, **more})
sys.addaudithook(hear)
import service.taking
service.taking.BATCH = batch
from intake.sandbox.here import LocalReaders
ask_readers = LocalReaders.ask
def asked(self, function, *arguments):
    step("ask for " + (getattr(function, "name", "") or function.__name__))
    return ask_readers(self, function, *arguments)
LocalReaders.ask = asked
from ledger import kept_words
what_is_due = kept_words.of
def of(book, told):
    step("look for what is due")
    return what_is_due(book, told)
kept_words.of = of
try:
    runpy.run_path("sync.py", run_name="__main__")
finally:
    nth = 0
    with open(tally, "w") as out:
        out.write("\\n".join(steps))
"""


def doomed(company: Company, nth: int, *arguments: str, batch: int = 100) -> tuple[int, list[str]]:
    """Run a command that kills itself at its *nth* step (0: never); gives the exit code and the steps if it lived."""
    tally = company.home / "steps.txt"
    program = ("-c", DOOMED, str(nth), str(company.home), str(tally), str(batch))
    process = company.start(*arguments, program=program, env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
    code = process.wait(timeout=120)
    return code, tally.read_text().split("\n") if tally.exists() else []
