"""Whether the ledger's file is sound, and what is noted beside the journal fits what the journal says.

The journal proves the state.  It does not prove the indexes by which the state is found, nor the tables of what is still
to be told: whoever takes a line out of ``due`` has a receipt never delivered, whoever changes ``told`` has it say
something else.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger import charges, kept_words, points_proved
from ledger.book import Book
from ledger.database import Database
from ledger.migrations import MIGRATIONS

_MOST = 3  #: of the database's own sentences about its pages and indexes


def damaged(now: Database) -> Iterator[str]:
    """What SQLite itself finds wrong with pages and indexes (one sentence each)."""
    found = [str(words) for (words,) in now.execute(f"PRAGMA integrity_check({_MOST})")]
    if found != ["ok"]:
        yield from (f"账本文件有损坏：{words}" for words in found)


def unfit(book: Book) -> Iterator[str]:
    """What is still to be told, and what should lie with people, where it does not fit the journal (one sentence each)."""
    yield from (f"待送达或可补发的内容被改动过：{sha256}" for sha256 in kept_words.changed(book))
    yield from points_proved.unfit(book)
    if not charges.is_ours(book):
        yield "已报月份复查到哪里的记录被改动过：下一次夜间任务会从头复查"
    for sql, words in _QUESTIONS:
        yield from (f"{words}：{each['what']}" for each in book.ask(sql))
    done = book.sent("SELECT id, migration_set, name FROM _sqlite_migrations ORDER BY id")
    if done != [(n, "kebu", name) for n, (name, _step) in enumerate(MIGRATIONS, 1)]:
        yield "账本里的版本记录不是原样"


#: What must not be found, and what it is called.
_QUESTIONS = (
    (
        """SELECT d.person || '/' || d.folder || '/' || d.name AS what FROM s_deliveries AS d
           WHERE d.id NOT IN (SELECT delivery_id FROM shipped) AND d.id NOT IN (SELECT delivery_id FROM due)""",
        "应送达而没有列入待送达",
    ),
    ("SELECT delivery_id AS what FROM due WHERE delivery_id NOT IN (SELECT id FROM s_deliveries)", "待送达的项目账上没有"),
    (
        """SELECT d.told AS what FROM due AS o JOIN s_deliveries AS d ON d.id = o.delivery_id
           WHERE d.told IS NOT NULL AND d.told NOT IN (SELECT sha256 FROM told)""",
        "待送达的内容不见了",
    ),
    (
        """SELECT l.path AS what FROM lying AS l LEFT JOIN s_deliveries AS d ON d.id = l.delivery_id
           LEFT JOIN shipped AS s ON s.delivery_id = l.delivery_id
           WHERE d.id IS NULL OR s.path IS NOT l.path OR (l.told IS NOT NULL AND l.told IS NOT d.told)""",
        "取件里应有的文件与送达记录不符",
    ),
    (
        """SELECT p.path AS what FROM shipped AS p JOIN s_deliveries AS d ON d.id = p.delivery_id
           WHERE p.path LIKE d.person || '/%' AND p.looked_at IS NULL
           AND (NOT (d.cause LIKE 'approval:%' OR d.cause LIKE 'picture:%')
                OR d.id IN (SELECT delivery_id FROM standing))
           AND p.path NOT IN (SELECT path FROM lying) GROUP BY p.path""",
        "送达的文件没有列入取件里应有的文件",
    ),
    (
        """SELECT l.path AS what FROM lying AS l
           WHERE l.told IS NOT NULL AND l.told NOT IN (SELECT sha256 FROM told)
           AND NOT EXISTS (SELECT 1 FROM entries WHERE kind = 'book.erased')""",
        "取件里应有的文件，可补发的内容不见了",
    ),
    (
        """SELECT g.number AS what FROM standing AS g LEFT JOIN s_deliveries AS d ON d.id = g.delivery_id
           LEFT JOIN shipped AS s ON s.delivery_id = g.delivery_id
           WHERE d.id IS NULL OR s.path IS NOT g.path OR replace(d.cause, 'approval:', '') IS NOT g.key
           OR substr(d.cause, instr(d.cause, ':') + 1) IS NOT g.number""",
        "在审的审批单与送达记录不符",
    ),
    (
        """SELECT substr(d.cause, instr(d.cause, ':') + 1) AS what FROM s_deliveries AS d
           JOIN shipped AS s ON s.delivery_id = d.id AND s.path <> ''
           WHERE (d.cause LIKE 'approval:%' OR d.cause LIKE 'picture:%')
           AND d.id NOT IN (SELECT delivery_id FROM standing)
           AND replace(d.cause, 'approval:', '') NOT IN (SELECT number FROM cleared)""",
        "送达的审批单没有列入在审",
    ),
    (
        """SELECT person || '/' || relative AS what FROM removals AS r WHERE NOT EXISTS
           (SELECT 1 FROM s_files AS f WHERE f.sha256 = r.sha256)""",
        "要清除的文件从未收取",
    ),
)  # fmt: skip
