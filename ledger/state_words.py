"""Entry → state for what stands written on pictures, and what a row was found to say beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ledger.journal import Posted, canonical
from ledger.state_write import Apply, Writes

WORDS = "CREATE TABLE s_words (sha256 TEXT PRIMARY KEY, words TEXT)"


def _photo_read(writes: Writes, posted: Posted) -> None:
    writes.replace("s_words", {"sha256": posted.entry.subject, "words": canonical(posted.entry.payload["words"])})


def _row_compared(writes: Writes, posted: Posted) -> None:
    """A row was held against its pictures: what these rules found before gives way to what they find now."""
    given, receipt_no = posted.entry.payload, posted.entry.subject
    ((read,),) = writes.ask("SELECT read FROM s_rows WHERE receipt_no = ?", receipt_no)
    merged = canonical({**json.loads(read), **given["read"]})
    own = (receipt_no,)
    writes.run("s_rows", "UPDATE s_rows SET read = ? WHERE receipt_no = ?", merged, receipt_no, rows=own)
    writes.run("s_findings", _FORMER, receipt_no, json.dumps(given["rules"]), rows=own)
    ((before,),) = writes.ask("SELECT COALESCE(MAX(n), -1) FROM s_findings WHERE receipt_no = ?", receipt_no)
    for n, finding in enumerate(given["findings"], before + 1):
        writes.insert("s_findings", {"receipt_no": receipt_no, "n": n, **finding}, rows=own)


_FORMER = "DELETE FROM s_findings WHERE receipt_no = ? AND rule IN (SELECT value FROM json_each(?))"

WORDS_ENTRIES: Mapping[str, Apply] = {"photo.read": _photo_read, "row.compared": _row_compared}
