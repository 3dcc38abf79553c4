"""A company on disk and the product as a process, of this version or of another one beside it."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.inputs import workbook
from benchmarks.process import Ran, peak_mb, python, ran

NOW = datetime(2026, 11, 23, 18)  #: a Monday; everything that is measured happens then
FOUNDED = NOW.replace(hour=8)
SELLER, MANAGER = "张三", "李四"

STAFF = (
    (SELLER, "13800138000", "销售一部", "销售人员"),
    (MANAGER, "13800138001", "销售一部", "部门经理"),
    ("赵总", "13800138003", "销售部", "销售经理"),
    ("钱督", "13800138004", "企管部", "企管部"),
    ("孙人", "13800138005", "人力资源部", "人力资源部"),
    ("吴账", "13800138008", "财务部", "出纳"),
)
AT_ONCE = {
    "settle_seconds": "0",
    "reader_seconds": "300",
}  #: taken at first sight; on a busy machine nothing is given up


def person(name: str, phone: str, department: str, post: str, follow_days: int = 60) -> dict[str, str]:
    """A row of the roster; nobody's limits are in the way of what is measured."""
    return {
        "姓名": name, "手机号码": phone, "性别": "女", "部门": department, "岗位": post, "客户数量上限": "100000",
        "最长跟进天数": str(follow_days), "入职日期": "2020-01-06", "销售区域": "华南",
    }  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """One company's folder, and the product that keeps its book."""

    home: Path
    product: Path  #: where the measured sync.py lies

    def command(self, *arguments: str, now: datetime | None = NOW) -> list[str]:
        """A command of the product's."""
        clock = ("--now", now.isoformat(timespec="seconds")) if now else ()
        return python(self.product / "sync.py", "--config", self.home / "config.toml", *clock, *arguments)

    def call(self, *arguments: str, now: datetime | None = NOW, may_end: Collection[int] = (0,)) -> Ran:
        """Run a command to its end."""
        return ran(self.command(*arguments, now=now), self.product, may_end=may_end)

    def answer(self, *arguments: str, now: datetime | None = NOW) -> dict[str, Any]:
        """What a command says to machines."""
        said: dict[str, Any] = json.loads(self.call("--json", *arguments, now=now).out)
        return said

    def peak_mb(self, *arguments: str, now: datetime | None = NOW) -> float:
        """MB at the peak of a command's largest process."""
        return peak_mb(self.command(*arguments, now=now), self.product)

    def drop(self, who: str, name: str) -> Path:
        """A place in somebody's drop folder."""
        return self.home / "share" / who / "投递" / name

    def found(self, people: Iterable[Mapping[str, str]], now: datetime = FOUNDED) -> Ran:
        """``init`` with a roster."""
        workbook(self.home / "名册.xlsx", {"人员新增": list(people)})
        return self.call("init", "--roster", str(self.home / "名册.xlsx"), now=now)

    def copy(self, home: Path, without: str = "") -> Stage:
        """The same company at another place; *without* its archive, for instance, which nothing daily reads."""
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.home, home, ignore=shutil.ignore_patterns(without))
        return replace(self, home=home)

    def remove(self) -> None:
        """Take the company away."""
        shutil.rmtree(self.home, ignore_errors=True)

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """A question to the ledger's views."""
        with closing(sqlite3.connect(f"{(self.home / 'book' / 'ledger.db').as_uri()}?mode=ro", uri=True)) as db:
            return db.execute(question, values).fetchall()


def prepared(home: Path, product: Path, settings: Mapping[str, str] = AT_ONCE) -> Stage:
    """An empty company with the product's own config, but for *settings* (key → value, as TOML)."""
    home.mkdir(parents=True)
    text = (product / "config.toml").read_text("utf-8")
    for key, value in settings.items():
        text, n = re.subn(rf"(?m)^{key} = [^#\n]+?(?=\s*(#|$))", f"{key} = {value}", text)
        assert n == 1, f"{key} is not in config.toml once"
    (home / "config.toml").write_text(text, "utf-8")
    return Stage(home, product)


def founded(home: Path, product: Path, people: Sequence[Mapping[str, str]] | None = None) -> Stage:
    """A company with its people, or with the usual few; founded on the very morning, so that no day waits to be closed."""
    stage = prepared(home, product)
    stage.found(people or [person(*each) for each in STAFF])
    return stage


def department_of(n: int) -> str:
    """Departments of ten."""
    return f"销售{n // 10 + 1}部"


def crowd(n: int) -> list[dict[str, str]]:
    """*n* salespeople in departments of ten, their managers and the company's posts.

    The first two of each department keep a customer for three days and for one: what they do not follow goes back.
    """
    sellers = [
        person(f"业务{i:04d}", f"139{i:08d}", department_of(i), "销售人员", {0: 3, 1: 1}.get(i % 10, 60))
        for i in range(n)
    ]
    managers = [person(f"经理{i // 10:03d}", f"137{i:08d}", department_of(i), "部门经理") for i in range(0, n, 10)]
    return [*sellers, *managers, *(person(*each) for each in STAFF[2:])]
