"""Which rows name a picture, and which pictures no row names: kept by every entry that changes it.

Refused rows count too: whoever named a picture once must not be told that nobody did.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.database import Database


def names(db: Database, receipt_no: str, photos: Sequence[str]) -> None:
    """From now on the row *receipt_no* names just these pictures (content hashes)."""
    before = [sha256 for (sha256,) in db.execute("SELECT sha256 FROM s_row_photos WHERE receipt_no = ?", (receipt_no,))]
    if not before and not photos:
        return
    db.execute("DELETE FROM s_row_photos WHERE receipt_no = ?", (receipt_no,))
    for sha256 in dict.fromkeys(photos):
        db.execute("INSERT INTO s_row_photos VALUES (?, ?)", (sha256, receipt_no))
    for sha256 in dict.fromkeys((*before, *photos)):
        settle(db, sha256)


def settle(db: Database, sha256: str) -> None:
    """Put the picture among those that nobody names, or take it out: by its own state and by the rows'."""
    db.execute("DELETE FROM s_unnamed WHERE photo_id IN (SELECT id FROM s_photos WHERE sha256 = ?)", (sha256,))
    db.execute(f"INSERT INTO s_unnamed {UNNAMED} AND p.sha256 = ?", (sha256,))


#: Pictures that came on their own, that no row names, and whose owner was not told yet.
UNNAMED = """SELECT p.id FROM s_photos AS p WHERE p.told = 0 AND p.embedded = 0
             AND NOT EXISTS (SELECT 1 FROM s_row_photos AS n WHERE n.sha256 = p.sha256)"""
