"""Which rows name a picture, and which pictures no row names: kept by every entry that changes it.

Refused rows count too: whoever named a picture once must not be told that nobody did.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.state_write import Rows, Writes


def picture(sha256: str) -> Rows:
    """What tells writes about one picture from those about others."""
    return (("picture", sha256),)


def named(writes: Writes, receipt_no: str, photos: Sequence[str]) -> None:
    """From now on the row *receipt_no* names these pictures (content hashes)."""
    for sha256 in dict.fromkeys(photos):
        sql = "INSERT INTO s_row_photos VALUES (?, ?)"
        writes.run("s_row_photos", sql, sha256, receipt_no, rows=(receipt_no, *picture(sha256)))
        settle(writes, sha256)


def named_no_more(writes: Writes, receipt_no: str) -> None:
    """The row names no picture any more, until it is said which."""
    before = writes.ask("SELECT sha256 FROM s_row_photos WHERE receipt_no = ?", receipt_no)
    writes.run("s_row_photos", "DELETE FROM s_row_photos WHERE receipt_no = ?", receipt_no)
    for (sha256,) in before:
        settle(writes, sha256)


def settle(writes: Writes, sha256: str) -> None:
    """Put the picture among those that nobody names, or take it out: by its own state and by the rows'."""
    rows = picture(sha256)
    writes.run("s_unnamed", _OUT, sha256, rows=rows, reads=("s_photos",))
    writes.run("s_unnamed", _IN, sha256, rows=rows, reads=("s_photos", "s_row_photos"))


#: Pictures that came on their own, that no row names, and whose owner was not told yet.
UNNAMED = """SELECT p.id FROM s_photos AS p WHERE p.told = 0 AND p.embedded = 0
             AND NOT EXISTS (SELECT 1 FROM s_row_photos AS n WHERE n.sha256 = p.sha256)"""
_OUT = "DELETE FROM s_unnamed WHERE photo_id IN (SELECT id FROM s_photos WHERE sha256 = ?)"
_IN = f"INSERT INTO s_unnamed {UNNAMED} AND p.sha256 = ?"
