"""The people of a soak: what they drop, one act after another, and what became of it."""

from __future__ import annotations

import hashlib
import random
import statistics
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.processes import Company, customer, decide, photo, report, visit, workbook

SALES, MANAGER = ("张三", "王五"), "李四"
FIRMS = ("深圳市宏远电子有限公司", "广州白云家具厂", "珠海海天食品有限公司", "佛山市顺德区乐从钢材行")


@dataclass(frozen=True)
class Dropped:
    """A file that somebody dropped; no two have the same content."""

    person: str
    stem: str
    sha256: str
    at: float  #: seconds since the epoch
    answered: bool  #: whether it has a receipt of its own


class Crowd:
    """Everybody, taking turns by chance."""

    def __init__(self, company: Company, dice: random.Random) -> None:
        self.company, self.dice, self.number = company, dice, 0
        self.dropped: list[Dropped] = []
        self._desk = company.home / "desk"  # where files are written before they are put into a folder
        self._desk.mkdir()
        self._decided: set[str] = set()

    def act(self, now: datetime) -> None:
        """One act at *now*, by the company's clock."""
        if self._decide():
            return
        what = self.dice.choice((self._visit, self._visit, self._visit, self._report, self._customer, self._broken, self._loose))  # fmt: skip
        self.number += 1
        what(self.dice.choice(SALES), now)

    def drop_a_lot(self, now: datetime) -> None:
        """Several at once, for whoever is killed meanwhile."""
        for _ in range(4):
            self.act(now)

    def _visit(self, person: str, now: datetime) -> None:
        name = f"现场{self.number:04d}.jpg"
        self._picture(person, name, now)
        content = f"第 {self.number} 次拜访：李经理确认 {self.number + 40} 台，我方周五前答复 {self.number} 号方案。"
        self._workbook(person, f"拜访{self.number:04d}", {"拜访记录": [visit(self.dice.choice(FIRMS), name, content)]})

    def _report(self, person: str, now: datetime) -> None:
        self._workbook(person, f"日报{self.number:04d}", {"销售日报": [report(f"{now:%Y-%m-%d}", f"第 {self.number} 份：拜访宏远电子，跟进华新。")]})  # fmt: skip

    def _customer(self, person: str, now: datetime) -> None:
        name = f"门头{self.number:04d}.jpg"
        self._picture(person, name, now)
        firm = FIRMS[self.number % len(FIRMS)] if self.number % 3 else f"{FIRMS[0][:3]}第{self.number}机电有限公司"
        self._workbook(person, f"客户{self.number:04d}", {"客户新增": [customer(firm, name)]})

    def _broken(self, person: str, _now: datetime) -> None:
        data = b"PK\x03\x04" + self.dice.randbytes(self.dice.randint(10, 4000))
        (self._desk / "broken").write_bytes(data)
        self._put(person, f"坏{self.number:04d}.xlsx", self._desk / "broken", answered=True)

    def _loose(self, person: str, now: datetime) -> None:
        self._picture(person, f"没人要{self.number:04d}.jpg", now)

    def _decide(self) -> bool:
        """The manager agrees to a sheet that lies there and was not decided; most of the time nothing does."""
        for sheet in self.company.pickup(MANAGER, "审批"):
            if sheet.name not in self._decided:
                self._decided.add(sheet.name)
                filled = decide(sheet, self._desk, {"*": "同意"})
                self._put(MANAGER, sheet.name, filled, answered=True)
                return True
        return False

    def _picture(self, person: str, name: str, now: datetime) -> None:
        self._put(person, name, photo(self._desk / "picture", self.number, now), answered=False)

    def _workbook(self, person: str, stem: str, sheets: dict[str, list[object]]) -> None:
        self._put(person, f"{stem}.xlsx", workbook(self._desk / "book.xlsx", sheets), answered=True)  # type: ignore[arg-type]

    def _put(self, person: str, name: str, source: Path, *, answered: bool) -> None:
        sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
        self.dropped.append(Dropped(person, Path(name).stem, sha256, time.time(), answered))
        target = self.company.drop(person) / name
        if self.dice.random() < 0.5:
            source.rename(target)
        else:
            target.write_bytes(source.read_bytes())

    def told(self, company: Company) -> dict[str, object]:
        """How much was dropped, and how long answers took: from the drop to the receipt's last writing, seconds."""
        took = [
            path.stat().st_mtime - each.at
            for each in self.dropped
            if each.answered
            for path in company.pickup(each.person, "回执")
            if each.stem in path.name
        ]
        found = statistics.quantiles(took, n=20) if len(took) > 1 else [0.0] * 19
        return {"dropped": len(self.dropped), "answers": len(took), "median_s": round(found[9], 1), "p95_s": round(found[18], 1)}  # fmt: skip
