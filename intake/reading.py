"""What runs in the reader processes: archived file → facts or rows.

A file is luggage (:mod:`disk.luggage`), which may be read on another machine, or a path, which is read on this one.
Named here, loaded there: neither Pillow nor a reader of workbooks ever comes into the process that keeps the book.
"""

from __future__ import annotations

from intake.sandbox.child import Elsewhere

#: (file, zone's name, most megapixels, sha256 of the content) → PhotoFacts
photo_at = Elsewhere("intake.photo.read", "photo_at")
#: (content, zone's name, most megapixels, sha256 of the content) → PhotoFacts
photo_in = Elsewhere("intake.photo.read", "photo_in")
#: (file, pixels of the large copy's long side, of the small one's, most megapixels, boxes to draw) → Copies
copies_at = Elsewhere("intake.photo.copies", "copies_at")
#: (file, most megapixels) → Words
words_at = Elsewhere("intake.words.read", "words_at")
#: (file, limits) → Workbook, or the Refusal that says why not
workbook_at = Elsewhere("intake.workbook.read", "workbook_at")
