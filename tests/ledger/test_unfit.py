"""What lies around the journal, changed by somebody: each kind of tampering gives its very sentence, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger import charges, sound
from ledger.book import Book
from ledger.journal import Entry
from tests.ledger.posting import AT, STAMP, opened, post
from tests.ledger.test_told_kept import put, queued, sheet


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """1 waits, 2 lies there, 3 and 4 are a sheet and its picture that stand open, 5 gave way to 6, which has left."""
    with closing(opened(tmp_path)) as made:
        post(made, sheet("S1", "r1"), Entry("file.taken", "1", "张三", FILE))
        queued(made, "等", "甲")
        put(made, queued(made, "在", "乙"))
        put(made, queued(made, "单", "丙", "李四", "审批", "approval:S1"))
        put(made, queued(made, "图", "丁", "李四", "审批", "picture:S1"))
        put(made, queued(made, "旧", "戊"), "", None)
        put(made, queued(made, "旧", "己"))
        made.db.execute("UPDATE shipped SET looked_at = 'x' WHERE delivery_id = 6")
        made.db.execute("DELETE FROM lying WHERE delivery_id = 6")
        made.db.execute("INSERT INTO removals VALUES ('张三', '投递/a.xlsx', 'aa', 1, 2, 3)")
        yield made


FILE = {
    "id": 1, "sha256": "aa", "person": "张三", "name": "a.xlsx", "arrived_at": STAMP, "kind": "workbook", "outcome": "taken",
    "archived_as": "x", "quarantined_as": None, "reason": "", "by_machine": 0,
}  # fmt: skip


def told(book: Book) -> list[str]:
    return list(sound.unfit(book))


def test_a_book_that_nobody_changed_fits_the_journal(book: Book) -> None:
    assert told(book) == []
    assert list(sound.damaged(book.db)) == []
    with book.transaction():
        charges.look_until(book, 3, AT)
    assert told(book) == []


PATHS = {"在": "张三/取件/在", "单": "李四/取件/单", "图": "李四/取件/图"}
UNLISTED, GONE = "送达的文件没有列入取件里应有的文件：", "取件里应有的文件，可补发的内容不见了："


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("DELETE FROM due WHERE delivery_id = 1", {"应送达而没有列入待送达：张三/回执/等"}),
        ("INSERT INTO due VALUES (99, NULL)", {"待送达的项目账上没有：99"}),
        ("DELETE FROM told WHERE sha256 = (SELECT told FROM s_deliveries WHERE id = 1)", {"待送达的内容不见了：TOLD1"}),
        ("DELETE FROM told WHERE sha256 = (SELECT told FROM s_deliveries WHERE id = 2)", {GONE + PATHS["在"]}),
        ("UPDATE lying SET delivery_id = 99 WHERE delivery_id = 2", {"取件里应有的文件与送达记录不符：" + PATHS["在"]}),
        ("UPDATE lying SET path = '张三/取件/别处' WHERE delivery_id = 2",
         {"取件里应有的文件与送达记录不符：张三/取件/别处", UNLISTED + PATHS["在"]}),
        ("UPDATE lying SET told = (SELECT told FROM s_deliveries WHERE id = 1) WHERE delivery_id = 2",
         {"取件里应有的文件与送达记录不符：" + PATHS["在"]}),
        ("UPDATE lying SET told = NULL WHERE delivery_id = 2", set()),
        ("DELETE FROM lying WHERE delivery_id = 2", {UNLISTED + PATHS["在"]}),
        ("DELETE FROM lying WHERE delivery_id = 3", {UNLISTED + PATHS["单"]}),
        ("UPDATE shipped SET looked_at = NULL WHERE delivery_id = 6", {UNLISTED + "张三/取件/旧"}),
        ("UPDATE shipped SET looked_at = NULL, path = '别处/旧' WHERE delivery_id = 6", set()),
        ("DELETE FROM standing WHERE delivery_id = 3", {"送达的审批单没有列入在审：S1"}),
        ("DELETE FROM standing WHERE delivery_id = 4", {"送达的审批单没有列入在审：S1"}),
        ("UPDATE standing SET delivery_id = 99 WHERE delivery_id = 3", {"在审的审批单与送达记录不符：S1", "送达的审批单没有列入在审：S1"}),
        ("UPDATE standing SET path = 'x' WHERE delivery_id = 3", {"在审的审批单与送达记录不符：S1"}),
        ("UPDATE standing SET key = 'x' WHERE delivery_id = 3", {"在审的审批单与送达记录不符：S1"}),
        ("UPDATE standing SET key = 'S1' WHERE delivery_id = 4", {"在审的审批单与送达记录不符：S1"}),
        ("UPDATE standing SET number = 'x' WHERE delivery_id = 3", {"在审的审批单与送达记录不符：x"}),
        ("INSERT INTO cleared VALUES ('S1')", set()),
        ("INSERT INTO removals VALUES ('王五', '投递/b.xlsx', 'bb', 1, 2, 3)", {"要清除的文件从未收取：王五/投递/b.xlsx"}),
        ("UPDATE _sqlite_migrations SET name = 'x' WHERE id = 2", {"账本里的版本记录不是原样"}),
        ("UPDATE _sqlite_migrations SET migration_set = 'x' WHERE id = 2", {"账本里的版本记录不是原样"}),
        ("UPDATE _sqlite_migrations SET id = 999 WHERE id = 2", {"账本里的版本记录不是原样"}),
        ("INSERT INTO renewed_mark VALUES (1, 3, 'x')", {"已报月份复查到哪里的记录被改动过：下一次夜间任务会从头复查"}),
        ("UPDATE told SET words = x'00' WHERE sha256 = (SELECT told FROM s_deliveries WHERE id = 1)",
         {"待送达或可补发的内容被改动过：TOLD1"}),
        ("INSERT INTO points VALUES (7, 'pp', 'x', 1, 1, x'', x'', x'')", {"找相似照片用的记录不是当时存下的：pp"}),
    ],
)  # fmt: skip
def test_what_was_changed_around_the_journal_is_named(book: Book, sql: str, words: set[str]) -> None:
    one = book.one("SELECT told FROM s_deliveries WHERE id = 1")
    book.db.execute(sql)
    found = [each.replace(one, "TOLD1") for each in told(book)]
    assert set(found) == words
    assert len(found) == len(words)


def test_words_that_were_erased_are_not_missed_from_what_lies_there(book: Book) -> None:
    book.db.execute("DELETE FROM told WHERE sha256 = (SELECT told FROM s_deliveries WHERE id = 2)")
    assert len(told(book)) == 1
    post(book, Entry("book.erased", "book", "kebu", {"entries": [], "originals": []}))
    assert told(book) == []


def test_damage_that_the_database_itself_finds_is_told_in_a_few_sentences(book: Book) -> None:
    post(book, *(Entry("config.changed", "c", "kebu", {"changes": {f"n{n}": [None, n]}}) for n in range(20)))
    book.db.execute("PRAGMA writable_schema = ON")
    sql = "CREATE INDEX lying_told ON lying (told) WHERE path = 'none'"
    book.db.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'lying_told'", (sql,))
    book.db.execute("CREATE TABLE one (a TEXT)")
    book.db.execute("INSERT INTO one VALUES (NULL), (NULL), (NULL), (NULL), (NULL)")
    book.db.execute("UPDATE sqlite_schema SET sql = 'CREATE TABLE one (a TEXT NOT NULL)' WHERE name = 'one'")
    path = book.path
    book.close()
    with closing(Book(path)) as again:
        found = list(sound.damaged(again.db))
    assert len(found) == 3
    assert all(each.startswith("账本文件有损坏：") for each in found)
    assert any("NULL value in one.a" in each for each in found)
