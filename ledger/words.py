"""Questions about what stands written on pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ledger.book import Book
from ledger.journal import Entry
from ledger.known import Answers, Question
from ledger.written import Words, words_from


def _read(book: Book, shas: Sequence[str]) -> dict[str, Words]:
    return {record["sha256"]: words_from(json.loads(record["words"])) for record in book.ask(_READ, json.dumps(shas))}


_READ = "SELECT w.sha256, w.words FROM json_each(?) AS j CROSS JOIN s_words AS w ON w.sha256 = j.value"


def _now_read(answers: Answers, entry: Entry) -> None:
    answers.pop(entry.subject, None)


#: content hash → what stands on the picture; None as long as nobody has read it.
on_picture: Question[str, Words | None] = Question(_read, None, {"photo.read": _now_read})
