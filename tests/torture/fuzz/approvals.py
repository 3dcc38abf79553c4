"""Approval sheets that were changed: whatever is decided by one is what was signed, word for word, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from itsdangerous import BadSignature

from intake.raw import Sheet
from ledger import sheets
from ledger.sheets import IssuedRow
from policy.columns import as_text
from policy.words import header_key
from processors.approval import understood
from service.company import clock
from service.rows.deciding import is_approval, take_decisions
from service.rows.issuing import signer
from tests.company import Company, a_company, customer, moment, report, visit
from tests.deals import NAME, arrived, confirm, order, page, payment
from tests.torture import stage
from tests.torture.fuzz import books
from tests.torture.fuzz.judging import Look
from tests.torture.fuzz.lines import Line

AT = "11-24 20:00"


class _Undo(Exception):
    """Nothing of this is to stay."""


class Desk:
    """A company whose approvers have sheets on their desks; each mutant is decided, looked at and undone."""

    def __init__(self, folder: Path) -> None:
        self.co = _with_sheets(folder)
        self.service = self.co.service
        self.now: datetime = clock(self.service, moment(AT))
        self.issued: dict[tuple[str, str], IssuedRow] = {
            (each.number, each.receipt_no): each for each in sheets.open_rows(self.service.book)
        }
        self.files: tuple[bytes, ...] = ()
        self.of: list[str] = []
        self._fill()

    @staticmethod
    def changed(data: bytes, rng: Random) -> bytes:
        """As any workbook; more often only what stands in its cells."""
        return books.sheet(data, rng) if rng.random() < 0.8 else books.book(data, rng)

    def _fill(self) -> None:
        """Each sheet blank, all agreed to, turned down, and agreed to by the one cell."""
        for path in sorted(self.co.share.glob("*/取件/审批/*.xlsx")):
            name = path.parents[2].name
            self._take(name, path.read_bytes())
            for how in ("同意", "驳回", ""):
                if path.name.startswith("确认_"):
                    confirm(self.co, path, arrived(day="2026-11-24", amount=5000), cashier=name, decision=how or "同意")
                elif how:
                    self.co.decide(name, path, how, "请看制度" if how == "驳回" else None)
                else:
                    self.co.decide(name, path, rows=(), edit=_the_rest)
                made = self.co.share / name / "投递" / path.name
                self._take(name, made.read_bytes())
                made.unlink()

    def _take(self, name: str, data: bytes) -> None:
        self.files = (*self.files, data)
        self.of.append(name)

    def judged(self, line: Line, look: Look) -> Look:
        """What the product decides by this mutant, in its approver's folder (now and then in another's)."""
        if look.workbook is None:
            return look
        rng = Random(str(line))
        person = self.of[line.seed] if rng.random() < 0.85 else rng.choice(("李四", "赵总", "吴纳", "张三"))
        told: list[str] = []
        found: list[str] = []
        for sheet in look.workbook.sheets:
            if is_approval(sheet):
                found += self._decided(sheet, person, told)
        shape = f"{look.shape} {sorted(set(told))}"
        outcome = "decided" if "decided" in told else "none decided" if told else "no approval sheet"
        return Look(outcome, shape, (*look.complaints, *found[:3]), look.seconds, look.peak)

    def _decided(self, sheet: Sheet, person: str, told: list[str]) -> Iterator[str]:
        book, made = self.service.book, None
        done: list[str] = []
        entries: list[dict[str, Any]] = []
        try:
            with book.transaction():
                before = int(book.one("SELECT coalesce(max(seq), 0) FROM journal") or 0)
                made, done = take_decisions(self.service, sheet, person, self.now, self.now)
                entries = book.ask(
                    "SELECT kind, subject, actor, payload FROM journal WHERE seq > ? ORDER BY seq", before
                )
                raise _Undo
        except _Undo:
            pass
        except Exception as error:
            yield f"raised {type(error).__name__}: {error}"
            return
        assert made is not None
        told += ["decided"] * len(done) + [
            f"{row.outcome} {row.notes[0].column if row.notes else ''}" for row in made.rows
        ]
        if len(set(done)) != len(done):
            yield f"decided twice: {done}"
        yield from self._compared(sheet, person, [each for each in entries if each["kind"] == "decision.made"], done)

    def _compared(self, sheet: Sheet, person: str, entries: list[dict[str, Any]], done: list[str]) -> Iterator[str]:
        if sorted(each["subject"] for each in entries) != sorted(done):
            yield f"told {done}, entries {[each['subject'] for each in entries]}"
        for entry in entries:
            payload = json.loads(entry["payload"])
            issued = self.issued.get((payload["number"], entry["subject"]))
            if issued is None:
                yield f"decided what was never issued: {entry['subject']}"
            elif entry["actor"] != person:
                yield f"decided by {entry['actor']} in the folder of {person}"
            elif not any(_agrees(issued, line, rest, payload) for line, rest in self._lines(sheet, issued)):
                yield f"decided with another content: {entry['subject']} {payload['decision']}"

    def _lines(self, sheet: Sheet, issued: IssuedRow) -> Iterator[tuple[Mapping[str, str], str]]:
        """The lines of a sheet whose own signature names this row, read without our help; and what 其余同意 says."""
        headers: list[str] = []
        rest = ""
        for _number, cells in sheet.rows:
            words = [as_text(cell) for cell in cells]
            if not headers:
                if {header_key("受理号"), header_key("审批结论"), header_key("审批意见")} <= {
                    header_key(word) for word in words if word
                }:
                    headers = words
                elif "其余同意" in words[:-1]:
                    rest = words[words.index("其余同意") + 1]
                continue
            line: dict[str, str] = {}
            for header, word in zip(headers, [*words, *[""] * len(headers)], strict=False):
                if header:
                    line.setdefault(f"{header}（表内）" if header in line and header == "受理号" else header, word)
            if self._vouched(line.get("校验码", "")) == [issued.number, issued.receipt_no]:
                yield line, rest

    def _vouched(self, token: str) -> Any:
        try:
            return signer(self.service.book).loads(token)
        except (BadSignature, ValueError):
            return None


def _agrees(issued: IssuedRow, line: Mapping[str, str], rest: str, payload: dict[str, Any]) -> bool:
    """Whether a line shows what was signed, and says what was entered."""
    if any(_bare(as_text(value)) != _bare(line.get(header, "")) for header, value in issued.cells.items()):
        return False
    own = understood(line.get("审批结论", ""))
    if not own and not line.get("审批意见"):
        flagged = any(each.startswith("⚠") for each in str(issued.cells["系统提示"]).splitlines())
        return "given" in payload or (understood(rest) == "同意" == payload["decision"] and not flagged)
    if payload["decision"] == own:
        return str(payload["comment"]).endswith(line.get("审批意见", ""))
    return own == "同意" and "given" in payload  # the three did not agree: sent back


def _bare(text: str) -> str:
    return "".join(text.split())


def _the_rest(page: Any) -> None:
    page["B1"] = "同意"


def _with_sheets(folder: Path) -> Company:
    folder.mkdir()
    co = a_company(folder, stage.STAFF, config=stage.CONFIG)
    co.drop("张三", "门头.jpg", stage.small_shot("11-23 09:00", 10))
    co.hand_in("张三", "客户.xlsx", 客户新增=[customer(NAME)])
    co.run("11-23 09:30")
    co.decide("李四", co.approval("李四", "客户新增"))
    co.run("11-23 09:40")
    co.drop("张三", "合同1.jpg", page(1, "11-24 09:00"))
    co.drop("张三", "合同2.jpg", page(2, "11-24 09:00"))
    co.hand_in("张三", "订单.xlsx", 成交订单=[order("合同1.jpg", 成交日期="2026-11-24")])
    co.run("11-24 11:00")
    co.decide("赵总", co.approval("赵总", "成交订单"))
    co.run("11-24 12:00")
    number = str(co.ask("SELECT receipt_no FROM orders")[0]["receipt_no"])
    for n in range(3):
        co.drop("张三", f"现场{n}.jpg", stage.small_shot("11-24 15:00", 20 + n))
    co.hand_in(
        "张三", "今天.xlsx", 拜访记录=[visit("现场0.jpg"), visit("现场1.jpg", 同行人员="王五")], 销售日报=[report("2026-11-24")],
        客户回款=[payment(5000, 回款日期="2026-11-24", 订单受理号=number)],
        成交订单=[order("合同2.jpg", 合同编号="HY-2", 成交日期="2026-11-24", 成交金额=88000)],
    )  # fmt: skip
    co.hand_in(
        "王五",
        "日报.xlsx",
        销售日报=[report("2026-11-24", 今日工作总结="2026-11-24 华新的报价已经发出，等回复。"), report("2026-11-23")],
    )
    co.run("11-24 19:00")
    return co
