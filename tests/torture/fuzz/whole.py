"""The whole way: mutants dropped into 投递, `run`, approvals, the night; each file leaves, and comes back as a receipt with words."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from service.upkeep.keeping import differences
from tests.company import Company, read, reopened
from tests.deals import a_company_with_a_cashier, arrived, confirm, page
from tests.torture import stage
from tests.torture.fuzz.lines import Line

_CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
_SUFFIXES = {"picture": (".jpg", ".heic", ".png", ".pdf"), "book": (".xlsx", ".xlsx", ".xls"), "form": (".xlsx",)}
_PEOPLE = ("张三", "张三", "张三", "张三", "王五", "李四", "赵总", "钱督", "孙人", "吴纳")
_NAMED = ("门头.jpg", "现场.jpg", "乙.jpg", "合同1.jpg")  #: pictures that the forms name


@dataclass(frozen=True)
class Dropped:
    """A mutant and where it was put."""

    line: Line
    data: bytes
    person: str
    name: str


class Noise(logging.Handler):
    """What our log says of faults of our own."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line and the innermost place."""
        where = ""
        if record.exc_info and record.exc_info[2]:
            trace = record.exc_info[2]
            while trace.tb_next:
                trace = trace.tb_next
            where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno} {record.exc_info[0] and record.exc_info[0].__name__}: {record.exc_info[1]}"
        self.said.append((record.getMessage() + where)[:400])


def taken(mutants: Sequence[tuple[Line, bytes]]) -> list[str]:
    """Everything that did not hold when these were dropped together."""
    noise = Noise()
    logging.getLogger("kebu").addHandler(noise)
    try:
        with tempfile.TemporaryDirectory() as folder, _company(Path(folder)) as co:
            return [*_lived(co, [_placed(line, data) for line, data in mutants]), *noise.said]
    finally:
        logging.getLogger("kebu").removeHandler(noise)


def _company(folder: Path) -> Company:
    """A company that gives no file time to become whole."""
    with a_company_with_a_cashier(folder):
        pass
    return reopened(folder, config={"incomplete_seconds = ": "incomplete_seconds = 0"})


def _placed(line: Line, data: bytes) -> Dropped:
    rng = Random(str(line))
    name = f"{rng.randrange(10**9):09d}{rng.choice(_SUFFIXES[line.kind])}"
    if line.kind == "picture" and rng.random() < 0.3:
        name = rng.choice(_NAMED)
    return Dropped(line, data, rng.choice(_PEOPLE), name)


def _lived(co: Company, drops: list[Dropped]) -> Iterator[str]:
    """Tuesday: everything comes at noon, approvers agree in the evening, then the night."""
    for name in _NAMED:
        made = (
            page(hash(name) % 100, "11-24 09:00")
            if name.startswith("合同")
            else stage.small_shot("11-24 09:00", len(name) + ord(name[0]))
        )
        co.drop("张三", name, made)
    for each in drops:
        co.drop(each.person, each.name, each.data)
    steps = (("run", lambda: co.run("11-24 12:00")), ("answers", lambda: None), ("decide", lambda: _decide(co)), ("run again",
    lambda: co.run("11-24 19:00")),
             ("nightly", lambda: co.nightly("2026-11-24", "11-25 00:30")), ("monthly", lambda: co.monthly("2026-11", "12-01 01:00")))  # fmt: skip
    for name, step in steps:
        if name == "answers":
            yield from _answers(co, drops)
            continue
        try:
            step()
        except Exception as error:
            trace = error.__traceback__
            while trace and trace.tb_next:
                trace = trace.tb_next
            where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
            yield f"{name} raised {type(error).__name__} at {where}: {error}"[:400]
            return
    yield from (f"verify: {each}" for each in differences(co.service))


def _answers(co: Company, drops: list[Dropped]) -> Iterator[str]:
    """Everything has left; each workbook has a receipt that says something, each picture its outcome."""
    if left := co.dropped():
        yield f"left in 投递: {left[:3]}"
    known = {(row["person"], row["name"]): row for row in co.ask("SELECT person, name, kind, outcome FROM files")}
    papers = {path.name: path for path in co.share.glob("*/取件/回执/**/*.xlsx")}
    for each in drops:
        if (file := known.get((each.person, each.name))) is None:
            yield f"unknown to the book: {each.name} of {each.person}"
        elif file["kind"] == "workbook":
            stem = each.name.rpartition(".")[0]
            receipt = next((path for name, path in papers.items() if stem in name), None)
            if receipt is None or not _CHINESE.search(read(receipt).text):
                yield f"no receipt for {each.name} of {each.person}, {file['outcome']}"


def _decide(co: Company) -> None:
    """Everybody agrees to everything."""
    for path in sorted(co.share.glob("*/取件/审批/*.xlsx")):
        name = path.parents[2].name
        with suppress(StopIteration):
            if path.name.startswith("确认_"):
                confirm(co, path, *[arrived(day="2026-11-23", amount=50000)] * 5, cashier=name)
            else:
                co.decide(name, path)
