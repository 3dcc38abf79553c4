"""A night draws what is new and nothing else: what lies in 取件 afterwards is what drawing everything anew would give."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from ledger import deliveries, page
from outbox.page.compose import home
from outbox.page.model import NAME
from service.sending.glance import Glance
from tests.company import Company, a_company, a_company_with_a_customer, customer, person, report, shot, visit
from tests.counted import counted

KEPT = (NAME, "模板/个人工作簿.xlsx")
_DRAWN = re.compile(rb"<time datetime=[^/]*</time>")
SELLERS = ("张三", "王五", "陈六")


def lying(co: Company) -> dict[str, bytes]:
    """Everybody's page and personal workbook, without the moment at which a page was drawn."""
    paths = (path for name in KEPT for path in co.share.glob(f"*/取件/{name}"))
    return {path.relative_to(co.share).as_posix(): _DRAWN.sub(b"", path.read_bytes()) for path in paths}


def everything_anew(co: Company, day: date, at: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The night once more, with a ledger that has forgotten what was delivered and up to where pages were looked through."""
    with closing(sqlite3.connect(co.book / "ledger.db")) as db, db:
        db.execute("DELETE FROM page_mark")
    with monkeypatch.context() as forgetful:
        forgetful.setattr(deliveries, "latest_causes", lambda _book, _folder, places: dict.fromkeys(places))
        before = deliveries.newest_id(co.service.book)
        co.nightly(str(day), at)
    assert deliveries.newest_id(co.service.book) >= before + 8, "not everything was drawn: this proves nothing"
    return lying(co)


def play(co: Company, dice: random.Random, day: date) -> None:
    """A day on which people do whatever they like."""
    at = f"{day:%m-%d}"
    for n, name in enumerate(SELLERS):
        match dice.randrange(7):
            case 0 | 1:
                co.hand_in(name, 销售日报=[report(str(day))])
            case 2:
                co.hand_in(name, 销售日报=[report("2026-02-30")])
            case 3:
                co.drop(name, "坏.xlsx", b"not a workbook")
            case 4 if name == "张三":
                picture = dice.choice(("没到.jpg", "现场.jpg"))
                co.drop(name, "现场.jpg", shot(f"{at} 11:00", 40 + day.day))
                co.hand_in(name, 拜访记录=[visit(picture)])
            case 5:
                co.drop(name, "门头.jpg", shot(f"{at} 10:00", 60 + 9 * day.day + n))
                co.hand_in(name, 客户新增=[customer(f"{'甲乙丙'[n]}{day.day}深圳市新光灯饰有限公司")])
    co.run(f"{at} 18:30")
    for manager in ("李四", "周八"):
        for sheet in co.fresh(sorted((co.share / manager / "取件" / "审批").glob("审批_*.xlsx"))):
            if dice.random() < 0.6:
                co.decide(manager, sheet, *dice.choice((("同意", None), ("驳回", "请看制度"))))
    co.run(f"{at} 21:00")


@pytest.mark.parametrize("seed", [1, 2])
def test_what_lies_there_after_a_night_is_what_drawing_everything_would_give(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    with a_company_with_a_customer(tmp_path) as co:
        for n in range(3):  # from a Saturday to the first of a month
            day = date(2026, 11, 28) + timedelta(days=n)
            play(co, dice, day)
            at = f"{day + timedelta(days=1)} 00:30"
            co.nightly(str(day), at)
            kept = lying(co)
            assert everything_anew(co, day, at, monkeypatch) == kept, day


def test_a_workbook_that_was_taken_away_comes_back_with_the_night(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        path = co.share / "孙人" / "取件" / "模板" / "个人工作簿.xlsx"
        before = path.read_bytes()
        path.unlink()
        co.nightly("2026-11-21", "11-22 00:30")
        assert path.read_bytes() == before
        length = co.service.book.length()
        co.nightly("2026-11-21", "11-22 00:40")
        assert co.service.book.length() == length


# -- how many statements


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The usual company and thirty more who sell."""
    with a_company(tmp_path_factory.mktemp("large")) as made:
        more = [person(f"销售{n:02d}", f"1390013{n:04d}", "销售一部", "销售人员") for n in range(30)]
        made.found(more, "11-21 09:00")
        for name in ("张三", *(f"销售{n:02d}" for n in range(30))):
            made.hand_in(name, 销售日报=[report("2026-02-30")])
        made.run("11-23 18:00")
        yield made


def asked(co: Company, sellers: int) -> int:
    """Statements for the pages of so many who sell, and of everybody who does not."""
    world = Glance(co.service, co.clock("11-23 19:00"))
    mine = [each for each in world.people.values() if each.post == "销售人员"]
    world.readers = readers = [*mine[:sellers], *(each for each in world.people.values() if each.post != "销售人员")]
    with counted(co) as calls:
        pages = [home(world, reader) for reader in readers]
    assert len(pages) == len(readers) > sellers
    return calls.total()


def test_pages_of_many_take_no_more_statements_than_pages_of_few(large: Company) -> None:
    few, many = asked(large, 3), asked(large, 33)
    answers = 30  # a workbook that came back is looked up in its receipts
    assert many <= few + answers
    assert page.returned(large.service.book, [("销售07", "销售日报")], large.clock("11-20 00:00"))["销售07"]
