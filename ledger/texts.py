"""Questions about what people wrote before: a text handed in twice is held against the earlier one."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ledger.book import Book
from ledger.journal import Entry
from ledger.known import FORGET, Answers, Question
from ledger.rows import LIVE, LIVE_SQL

KEPT_TEXTS = 200  #: how many of a person's earlier texts a new one is held against


def _texts(book: Book, keys: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], list[tuple[str, str, str]]]:
    found: dict[tuple[str, str, str], list[tuple[str, str, str]]] = {key: [] for key in keys}
    for form, person, field, *text in book.db.execute(_RECENT, (json.dumps(keys),)):
        found[form, person, field].append((text[0], text[1], text[2]))
    return found


# One more than is looked at, so that the row that is being judged again may be left out.
_RECENT = f"""
SELECT j.value ->> 0, j.value ->> 1, j.value ->> 2, r.submitted_at, r.receipt_no, r.vals ->> (j.value ->> 2)
FROM json_each(?) AS j CROSS JOIN s_rows AS r ON r.rowid IN (
    SELECT rowid FROM s_rows INDEXED BY s_rows_recent WHERE form = j.value ->> 0 AND person = j.value ->> 1
    AND status IN {LIVE_SQL} AND vals ->> (j.value ->> 2) IS NOT NULL
    ORDER BY submitted_at DESC, receipt_no DESC LIMIT {KEPT_TEXTS + 1})
ORDER BY j.id, r.submitted_at DESC, r.receipt_no DESC"""


def _text_received(answers: Answers, entry: Entry) -> None:
    given = entry.payload
    if given["status"] not in LIVE:
        return
    for (form, person, field), texts in answers.items():
        text = given["vals"].get(field)
        if form == given["form"] and person == entry.actor and text is not None:
            texts.append((given["submitted_at"], entry.subject, text))
            texts.sort(key=lambda each: each[:2], reverse=True)


def _text_superseded(answers: Answers, entry: Entry) -> None:
    for key, texts in list(answers.items()):
        if any(receipt_no == entry.subject for _at, receipt_no, _text in texts):
            if len(texts) > KEPT_TEXTS:  # an older one comes within reach
                del answers[key]
            else:
                answers[key] = [each for each in texts if each[1] != entry.subject]


#: (sheet name, person, field) → earlier texts: (submitted_at, 受理号, text), newest first, refused rows left out.
texts: Question[tuple[str, str, str], list[tuple[str, str, str]]] = Question(
    _texts,
    [],
    {
        "row.received": _text_received,
        "row.superseded": _text_superseded,
        "row.completed": FORGET,
        "decision.made": FORGET,
    },
)


def recent_texts(book: Book, form: str, person: str, field: str, besides: frozenset[str]) -> list[tuple[str, str]]:
    """Earlier texts of one field by one person: (受理号, text), newest first; those of the rows *besides* left out."""
    found = book.known(texts, (form, person, field))
    return [(receipt_no, text) for _at, receipt_no, text in found if receipt_no not in besides][:KEPT_TEXTS]
