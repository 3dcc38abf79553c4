"""What runs in the reader processes: archived file → facts or rows.

<<<<<<< ours
from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from intake.photo.copies import Copies, copies
from intake.photo.read import read_photo
from intake.preflight.check import BookLimits
from intake.raw import Refusal, Workbook
from intake.workbook.read import read_workbook
from ledger.records import PhotoFacts
=======
Named here, loaded there: neither Pillow nor a reader of workbooks ever comes into the process that keeps the book.
"""
>>>>>>> theirs

from __future__ import annotations

from intake.sandbox.child import Elsewhere

<<<<<<< ours
def copies_at(path: Path, large: int, small: int, megapixels: int) -> Copies:
    """Copies of the picture at *path*, with long sides of at most *large* and *small* pixels."""
    return copies(path.read_bytes(), large=large, small=small, max_megapixels=megapixels)


def workbook_at(path: Path, limits: BookLimits) -> Workbook | Refusal:
    """The rows of the workbook at *path*, or why it is refused."""
    if path.stat().st_size > limits.megabytes * 2**20:
        words = f"文件超过 {limits.megabytes} MB"
        return Refusal("too_big", words, "请拆成几个较小的工作簿，或压缩其中的图片后再投递")
    return read_workbook(path.read_bytes(), limits)
=======
#: (path, zone's name, most megapixels, sha256 of the content) → PhotoFacts
photo_at = Elsewhere("intake.photo.read", "photo_at")
#: (content, zone's name, most megapixels, sha256 of the content) → PhotoFacts
photo_in = Elsewhere("intake.photo.read", "photo_in")
#: (path, limits) → Workbook, or the Refusal that says why not
workbook_at = Elsewhere("intake.workbook.read", "workbook_at")
>>>>>>> theirs
