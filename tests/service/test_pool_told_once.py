"""What 个人工作簿 says of the pool is put together and kept once for all who sell; whoever sees it otherwise is told that beside it."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from disk.luggage import Draft, Shelf
from ledger import kept_words
from ledger.kept_words import ToldWords
from outbox import draw
from outbox.draw import draw_file
from outbox.templates.workbook import framed
from service import closing as night
from service.reissuing import reissue
from service.upkeep.keeping import differences
from tests.company import POOL, Company, a_company_with_a_pool, claim, section

SELLERS = ("张三", "王五", "陈六")
BOOK = "取件/模板/个人工作簿.xlsx"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_pool(tmp_path) as made:
        yield made


def lying(co: Company) -> dict[str, bytes]:
    return {name: (co.share / name / BOOK).read_bytes() for name in SELLERS}


def words_of(co: Company, name: str) -> ToldWords:
    """What the workbook that lies there says."""
    told = co.service.book.one("SELECT told FROM lying WHERE path = ?", f"{name}/{BOOK}")
    return kept_words.of(co.service.book, told)


def drawn(co: Company, words: bytes, parts: list[bytes], folder: Path) -> bytes:
    """A file drawn by a process that has drawn nothing before."""
    draw._part.cache_clear()
    framed.cache_clear()
    target = folder / f"{hashlib.sha256(zlib.decompress(words)).hexdigest()}.drawn"
    draw_file(words, Shelf(()), Draft(target), None, co.service.settings.company.name, *parts)
    return target.read_bytes()


def test_the_pool_is_kept_once_and_everybody_reads_their_own_view_of_it(co: Company) -> None:
    texts = {name: words_of(co, name) for name in SELLERS}
    assert [len(words.parts) for words in texts.values()] == [1, 1, 1]
    assert {words.parts for words in texts.values()} == {texts["张三"].parts}
    assert co.ask("SELECT sha256 FROM told_parts") == [{"sha256": texts["张三"].parts[0].sha256}]
    for name, words in texts.items():
        listed = next(each for each in json.loads(kept_words.text_of(words))["says"]["sections"] if each["told"])
        assert (listed["title"], listed["rows"], len(listed["marked"])) == ("公海客户", [], 3 if name == "张三" else 0)
        shown = section(co, name, "公海客户")
        assert [row["客户名称"] for row in shown] == sorted(POOL)
        waits = [row["本人可申领日期"] for row in shown]
        assert all(waits) if name == "张三" else waits == [None] * 3, "only whoever let them go has to wait"


def test_what_is_drawn_again_has_the_same_bytes(co: Company, tmp_path: Path) -> None:
    before = lying(co)
    for name in SELLERS:
        words = words_of(co, name)
        assert drawn(co, words.squeezed, [each.squeezed for each in words.parts], tmp_path) == before[name]
        (co.share / name / BOOK).unlink()
    reissue(co.service, co.clock("12-24 09:00"), None, None)
    assert lying(co) == before


def test_a_night_that_ended_between_commit_and_drawing_gives_the_same_bytes(
    co: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_given: object) -> None:
        raise KeyboardInterrupt

    before = lying(co)
    with a_company_with_a_pool(tmp_path / "other") as other:
        other.nightly("2026-12-24", "12-25 00:30")
        wanted = lying(other)
    with monkeypatch.context() as patched:
        patched.setattr(night, "deliver", cut)
        with pytest.raises(KeyboardInterrupt):
            co.nightly("2026-12-24", "12-25 00:30")
    assert lying(co) == before
    co.run("12-25 00:30")
    assert lying(co) == wanted != before


def test_what_an_earlier_version_has_told_whole_is_drawn_too(co: Company, tmp_path: Path) -> None:
    words = words_of(co, "王五")
    text, pool = (
        json.loads(kept_words.text_of(each).replace(',"told":"","marked":[]', "")) for each in (words, words.parts[0])
    )
    sections = text["says"]["sections"]
    text["says"]["sections"] = [pool["says"] if each.get("told") else each for each in sections]
    assert "told" not in json.dumps(text)
    whole = zlib.compress(json.dumps(text).encode())
    assert drawn(co, whole, [], tmp_path) == lying(co)["王五"]


def test_a_part_goes_with_the_last_text_that_has_it(co: Company) -> None:
    before = co.ask("SELECT sha256 FROM told_parts")
    co.hand_in("王五", "申领.xlsx", 客户申领=[claim()])
    co.run("12-24 09:00")
    co.approve("李四", "客户申领", "12-24 10:00")
    co.nightly("2026-12-24", "12-25 00:30")
    (after,) = co.ask("SELECT sha256 FROM told_parts")
    assert [after] != before
    assert {words.sha256 for name in SELLERS for words in words_of(co, name).parts} == {after["sha256"]}
    shares = co.ask("SELECT told FROM told_shares")
    assert {each["told"] for each in shares} == {words_of(co, name).sha256 for name in SELLERS}
    assert list(differences(co.service)) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE told_parts SET words = x'789c030000000001'",
        "DELETE FROM told_parts",
        "DELETE FROM told_shares",
        "INSERT INTO told_shares SELECT sha256, (SELECT sha256 FROM told_parts) FROM told",
        "INSERT INTO told_shares VALUES ('nobody', (SELECT sha256 FROM told_parts))",
    ],
)
def test_a_part_that_was_changed_is_noticed(co: Company, change: str) -> None:
    with closing(sqlite3.connect(co.book / "ledger.db")) as db, db:
        db.execute(change.replace("INSERT INTO", "INSERT OR IGNORE INTO"))
    assert any("待送达或可补发的内容被改动过" in each for each in differences(co.service))


def test_a_workbook_whose_part_is_not_what_was_committed_is_not_drawn(co: Company) -> None:
    with closing(sqlite3.connect(co.book / "ledger.db")) as db, db:
        part = db.execute("SELECT words FROM told_parts").fetchone()[0]
        other = zlib.decompress(part).decode().replace(POOL[0], POOL[0][:-1])
        db.execute("UPDATE told_parts SET words = ?", (zlib.compress(other.encode()),))
    (co.share / "王五" / BOOK).unlink()
    reissue(co.service, co.clock("12-24 09:00"), None, None)
    assert not (co.share / "王五" / BOOK).exists()


def test_what_is_to_be_erased_is_found_in_a_part_too(co: Company) -> None:
    found = kept_words.saying(co.service.book, re.compile(POOL[0]))
    assert {words_of(co, name).sha256 for name in SELLERS} <= set(found)
    assert kept_words.saying(co.service.book, re.compile("哪里也没有的话")) == []
