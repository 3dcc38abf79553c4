"""Whatever people do and in whatever order: one owner or the pool, nobody above a limit unnoticed, nobody lost.

Rows are judged, merged and decided by the service itself; only the files around them are left out.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from intake.archive.store import Archive
from intake.photo.read import read_photo
from intake.raw import Sheet
from ledger import customers, holdings, rows
from ledger.book import Book
from ledger.journal import Entry
from ledger.records import Outcome, PhotoFacts, Status
from ledger.replay import first_difference
from outbox.approvals.model import DECISION
from policy.form import columns
from policy.forms import form_named
from policy.posts import Approver
from service.company import Service
from service.rows.authority import approver_of
from service.rows.merging import prepare, take_sheet
from service.rows.pictures import keep_photo
from service.rows.settling import settle
from service.sending.sweeping import recycle, stands_on
from service.upkeep.keeping import differences
from tests.company import Cells, Company, a_company, claim, customer, person, shot, transfer

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
SELLERS = ("张三", "王五", "陈六")
PEOPLE = [
    *(person(name, f"1380013800{n}", "销售一部", "销售人员", 客户数量上限=2, 最长跟进天数=2) for n, name in enumerate(SELLERS)),
    person("李四", "13800138011", "销售一部", "部门经理"),
    person("赵总", "13800138012", "销售部", "销售经理"),
]  # fmt: skip

who, which = st.sampled_from(SELLERS), st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("new"), who, st.sampled_from([None, *SELLERS])),
    st.tuples(st.just("claim"), who, which),
    st.tuples(st.just("claim"), who, which),
    st.tuples(st.just("transfer"), who, which, who),
    st.tuples(st.just("all"), st.sampled_from([*SELLERS, "李四"]), who),
    st.tuples(st.just("decide"), which, st.booleans()),
    st.tuples(st.just("decide"), which, st.just(True)),
    st.tuples(st.just("decide"), which, st.just(True)),
    st.tuples(st.just("night"), st.integers(1, 3)),
    st.tuples(st.just("limit"), who, st.integers(1, 3)),
    st.tuples(st.just("state"), who, st.sampled_from(["离职", "在职"])),
)


@cache
def picture() -> PhotoFacts:
    """What a camera's picture says; each customer's is made a different one."""
    return read_photo(shot("11-23 08:00"), ZoneInfo("Asia/Shanghai"), max_megapixels=100)


@dataclass
class Play:
    """A company with a clock, and what has been said of limits."""

    service: Service
    now: datetime
    n: int = 0
    told_above: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)

    def hand_in(self, name: str, form: str, row: Cells) -> None:
        """One row, judged and merged as it would be from a file."""
        kind, service = form_named(form), self.service
        assert kind is not None
        headers = tuple(column.header for column in columns(kind))
        sheet = Sheet(form, ((1, headers), (2, tuple(row.get(header) for header in headers))))
        people = service.people(self.now.date())
        told, outcomes = take_sheet(
            service, prepare(service, kind, sheet, self.now.date()), sheet, kind, people[name], self.now, 1, self.now
        )
        self.seen.update(f"{form} {outcome.value}" for outcome in outcomes)
        if form == "人员变更" and outcomes == [Outcome.ACCEPTED]:
            words = " ".join(note.text for each in told.rows for note in each.notes)
            self.told_above |= {row["姓名"]} if "超过新上限" in words else set()

    def new(self, name: str, owner: str | None) -> None:
        """A new customer, for oneself or a colleague."""
        self.n += 1
        kept = self.service.archive.keep_bytes(f"{self.n}".encode(), f"门{self.n}.jpg", self.now.date())
        bits = self.n * 0x9E3779B97F4A7C15 % 2**64
        unlike = replace(picture(), sha256=kept.sha256, pixel_hash=kept.sha256, dhash=bits, turned=())
        keep_photo(self.service, name, kept, unlike, self.now, self.now, embedded=False)
        unique = "甲乙丙丁戊己庚辛壬癸"[self.n % 10] * 3 + "金木水火土"[self.n % 5] * 3
        self.hand_in(name, "客户新增", customer(f"{unique}{self.n}厂", 门头照片=f"门{self.n}.jpg", 销售经理=owner))

    def claim(self, name: str, n: int) -> None:
        """A claim of any customer, in the pool or not."""
        known = self.service.book.ask("SELECT name FROM customers ORDER BY id")
        if known:
            self.hand_in(name, "客户申领", claim(known[n % len(known)]["name"]))

    def transfer(self, name: str, n: int, receiver: str) -> None:
        """A transfer of any customer, one's own or not."""
        known = self.service.book.ask("SELECT name FROM customers ORDER BY id")
        if known:
            self.hand_in(name, "客户转交", transfer(known[n % len(known)]["name"], receiver))

    def all(self, name: str, receiver: str) -> None:
        """Everything that one may give away."""
        self.hand_in(name, "客户转交", transfer("全部", receiver, 转交原因="离职"))

    def decide(self, n: int, approve: bool) -> None:
        """One of the rows that wait is decided by whoever decides on it."""
        waiting = rows.rows_with(self.service.book, Status.PENDING)
        if not waiting:
            return
        row = waiting[n % len(waiting)]
        approver = approver_of(self.service, row, self.now)
        assert isinstance(approver, Approver)
        word = "同意" if approve else "驳回"
        payload: dict[str, Any] = {
            "number": "-", "decision": word, "comment": "", "decided_at": self.now.isoformat(),
            "status": ("accepted" if approve else "rejected"),
        }  # fmt: skip
        said = settle(
            self.service, Entry("decision.made", row.receipt_no, approver.name, payload), {DECISION: word}, self.now
        )
        self.seen[f"{row.form} {word if isinstance(said, str) else '情况有变'}"] += 1

    def night(self, days: int) -> None:
        """Some nights pass, each with its sweep: just those go whose countdown says so."""
        for _day in range(days):
            self.now = (self.now + timedelta(days=1)).replace(hour=0, minute=30)
            due = {each.customer.name for each in stands_on(self.service, self.now.date()) if each.due}
            gone = recycle(self.service, self.now.date(), self.now)
            assert {each.customer.name for each in gone} == due
            self.seen["回收"] += len(gone)
        self.now = self.now.replace(hour=9)

    def limit(self, name: str, n: int) -> None:
        """Another limit, at once."""
        self.hand_in("赵总", "人员变更", {"姓名": name, "生效日期": self.now.date().isoformat(), "客户数量上限": n})

    def state(self, name: str, word: str) -> None:
        """Somebody leaves, or comes back, today."""
        self.hand_in("赵总", "人员变更", {"姓名": name, "生效日期": self.now.date().isoformat(), "状态": word})

    def holds(self) -> None:
        """What must be true whenever a transaction has ended."""
        book, people = self.service.book, self.service.people(self.now.date())
        known = self.service.book.ask("SELECT id, name, owner, pooled_on FROM customers")
        added = self.service.book.ask("SELECT subject FROM journal WHERE kind = 'customer.added'")
        assert len(known) == len({each["name"] for each in known}) == len(added), "a customer is lost, or there twice"
        owned = Counter(each["owner"] for each in known if each["owner"])
        assert sum(owned.values()) + len(customers.pool(book)) == len(added)
        assert all((each["owner"] is None) == (each["pooled_on"] is not None) for each in known)
        assert owned.keys() <= set(SELLERS)
        for name in owned:
            above = holdings.held_by(book, name) > people[name].max_customers
            assert not above or name in self.told_above, f"{name} is above the limit, and nobody was told"
        for each in known:
            spoken = [row for row in rows.rows_with(book, Status.PENDING) if row.form in ("客户申领", "客户转交")
                      and (row.customer_id == each["id"] or each["id"] in row.read.get("moving", ()))]  # fmt: skip
            assert len(spoken) <= 1, f"{each['name']} is promised twice"


@cache
def founded() -> Company:
    """Founding takes a second; each play gets a copy of its ledger."""
    folder = Path(tempfile.mkdtemp(prefix="kebu-ownership-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return a_company(folder, PEOPLE)


@contextmanager
def a_play() -> Iterator[Play]:
    """The company on its first Monday, with a customer for each who sells, and a book and an archive of its own."""
    company = founded()
    with tempfile.TemporaryDirectory() as folder:
        own = Path(shutil.copytree(company.book, Path(folder) / "book"))
        service = company.service
        folders = service.settings.folders.model_copy(update={"book": own})
        play = Play(
            replace(
                service,
                settings=service.settings.model_copy(update={"folders": folders}),
                book=Book(own / "ledger.db"),
                archive=Archive(own),
            ),
            company.clock("11-23 09:00"),
        )
        with play.service.book.transaction():
            for name in SELLERS:
                play.new(name, None)
                play.decide(0, True)
        yield play
        play.service.book.close()


@FEW
@given(st.lists(steps, min_size=8, max_size=40))
def test_every_customer_has_one_owner_or_is_in_the_pool_and_nobody_is_above_a_limit_unnoticed(
    told: list[tuple[Any, ...]],
) -> None:
    with a_play() as play:
        for verb, *how in told:
            play.now += timedelta(minutes=10)
            with play.service.book.transaction():
                getattr(play, verb)(*how)
            play.holds()
        assert first_difference(play.service.book) is None
        assert list(differences(play.service)) == []
