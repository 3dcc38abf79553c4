"""What must hold of a file that somebody made wrong; runs in the readers, through the very functions that they are asked for.

An answer's *shape* is what it is, without what stands in it: a mutant whose shape nobody has seen is changed further.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import resource
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from disk.luggage import Copy
from intake.causes import Cause
from intake.photo.copies import copies_at
from intake.photo.read import photo_at
from intake.photo.trouble import Spoilt
from intake.preflight.check import inspect
from intake.preflight.survey import BookLimits, Survey
from intake.raw import Refusal, Sheet, Workbook
from intake.sandbox.child import Elsewhere
from intake.workbook.agreement import is_whole
from intake.workbook.read import assemble, read_with_openpyxl, workbook_at
from ledger.facts_json import facts_from, facts_kept
from ledger.records import PhotoFacts
from tests.torture.fuzz import plain

#: (contents, limits, whether the workbooks are wanted) → a Look for each
books_judged_there = Elsewhere("tests.torture.fuzz.judging", "books_judged")
#: (contents, which of them are copied too) → a Look for each
pictures_judged_there = Elsewhere("tests.torture.fuzz.judging", "pictures_judged")

_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
_SAID = re.compile(r"“[^”]*”|\d+(?:\.\d+)?")
_TROUBLES = tuple(re.compile(re.sub(r"\\\{\w+\\\}", r"\\d+", re.escape(each.value)), re.DOTALL) for each in Spoilt)
_KNOWN = (
    "taken_at", "lat", "gps_at", "place", "make", "model", "software", "dhash", "thumbnail_differs", "sharpness", "seal",
)  # fmt: skip
CAREFULLY = 2  #: so many workbooks are read by the second library once (which takes longer than all else)
ZONE, MEGAPIXELS = "Asia/Shanghai", 100


@dataclass(frozen=True)
class Look:
    """What came of one file."""

    outcome: str  #: read, or the reason why not
    shape: str
    complaints: tuple[str, ...] = ()  #: what did not hold
    seconds: float = 0.0  #: of a processor
    peak: int = 0  #: bytes that the reader's process has held at the most
    workbook: Workbook | None = None


def books_judged(contents: Sequence[bytes], limits: BookLimits, give: bool) -> list[Look]:
    """Several in one call: asking costs more than reading."""
    return [book_judged(data, limits, give) for data in contents]


def pictures_judged(contents: Sequence[bytes], copied: Sequence[bool]) -> list[Look]:
    """The same of pictures."""
    return [
        picture_judged(data, hashlib.sha256(data).hexdigest(), copy)
        for data, copy in zip(contents, copied, strict=True)
    ]


def book_judged(data: bytes, limits: BookLimits, give: bool = False) -> Look:
    """A workbook's answer; with *give* the workbook itself, if it was read."""
    began = time.process_time()
    answer = workbook_at(Copy(data), limits)
    took = time.process_time() - began
    if isinstance(answer, Refusal):
        return _look(answer.code.value, _refused_shape(answer), refusal_complaints(answer), took)
    shape = "|".join(_sheet_shape(answer))
    return _look("read", shape, tuple(_book_complaints(data, answer, limits))[:3], took, answer if give else None)


def _look(outcome: str, shape: str, complaints: tuple[str, ...], took: float, workbook: Workbook | None = None) -> Look:
    return Look(outcome, shape, complaints, took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, workbook)


def _refused_shape(refusal: Refusal) -> str:
    return f"{refusal.code} {_SAID.sub('_', refusal.reason)} {refusal.remedy[-30:]}"


def refusal_complaints(refusal: Refusal) -> tuple[str, ...]:
    """What is wrong with a reason: it is none of the list, says nothing in Chinese, or stands for what nobody has seen yet."""
    found = []
    if refusal.code not in Cause or not _CHINESE.search(refusal.reason) or not _CHINESE.search(refusal.remedy):
        found.append(f"no reason: {refusal}")
    if "内部结构无法识别" in refusal.reason:
        found.append(f"preflight raised: {refusal.remedy}")
    return tuple(found)


def _sheet_shape(book: Workbook) -> list[str]:
    shapes = []
    for sheet in book.sheets:
        kinds = sorted({type(cell).__name__ for _n, cells in sheet.rows for cell in cells})
        troubles = sorted({_SAID.sub("_", each.message)[:30] for each in sheet.troubles})
        shapes.append(f"{kinds}{troubles}{len(sheet.pictures) > 0}{sheet.hidden}{min(len(sheet.rows), 3)}")
    return sorted({*shapes, *(notice[:20] for notice in book.notices)})


def _book_complaints(data: bytes, answer: Workbook, limits: BookLimits) -> Iterator[str]:
    yield from plain.differences(data, answer)
    if zlib.crc32(data) % CAREFULLY:
        return
    survey = inspect(data, limits)
    assert isinstance(survey, Survey)
    ordinary = {sheet.name for sheet in survey.sheets if not sheet.odd}
    if not ordinary:
        return
    try:
        grids = read_with_openpyxl(data, survey)
        careful = assemble(data, survey, grids, limits)
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        return  # it stands in for the quick one only where that fails
    ordinary -= {sheet.name for sheet in survey.sheets if not is_whole(grids[sheet.name], sheet)}
    for one, two in zip(answer.sheets, careful.sheets, strict=True):
        if one.name in ordinary and (mine := _bare(one)) != (other := _bare(two)):
            yield f"the readings differ: {one.name} {_first(mine.rows, other.rows)}"


def _bare(sheet: Sheet) -> Sheet:
    """Without the spaces at the ends of texts, which one library leaves out and no form minds."""
    rows = tuple(
        (n, tuple(cell.strip() if isinstance(cell, str) else cell for cell in cells)) for n, cells in sheet.rows
    )
    return replace(sheet, rows=rows)


def _first(one: tuple[object, ...], two: tuple[object, ...]) -> str:
    pair = next(((a, b) for a, b in zip(one, two, strict=False) if a != b), (len(one), len(two)))
    return f"{pair[0]!r:.150} / {pair[1]!r:.150}"


def picture_judged(data: bytes, sha256: str, copy: bool) -> Look:
    """A picture's answer; with *copy* also the copies that people look at."""
    began = time.process_time()
    facts = photo_at(Copy(data), ZONE, MEGAPIXELS, sha256)
    copies = copies_at(Copy(data), 400, 100, MEGAPIXELS, ()) if copy else None
    took = time.process_time() - began
    found = list(_picture_complaints(facts))
    if copies and bool(facts.trouble) != (not copies.pages()):
        found.append(f"read, but not copied, or the other way round: {facts.trouble!r}")
    outcome = _SAID.sub("_", facts.trouble) or "read"
    return _look(outcome, _picture_shape(facts), tuple(found)[:3], took)


def _picture_shape(facts: PhotoFacts) -> str:
    known = [name for name in _KNOWN if getattr(facts, name) is not None]
    sizes = (
        facts.width.bit_length(),
        facts.height.bit_length(),
        facts.offset_known,
        facts.has_exif,
        bool(facts.tables),
        facts.points is None,
    )
    return f"{facts.format} {_SAID.sub('_', facts.trouble)} {known} {sizes}"


def _picture_complaints(facts: PhotoFacts) -> Iterator[str]:
    if facts.trouble:
        if not any(each.fullmatch(facts.trouble) for each in _TROUBLES):
            yield f"no reason of the list: {facts.trouble}"
        return
    if facts.width < 1 or facts.height < 1 or facts.width * facts.height > MEGAPIXELS * 1_000_000:
        yield f"size {facts.width} x {facts.height}"
    numbers = (facts.lat, facts.lon, facts.sharpness)
    if any(number is not None and not math.isfinite(number) for number in numbers):
        yield f"no number: {numbers}"
    if facts.lat is not None and not (abs(facts.lat) <= 90 and abs(facts.lon or 0) <= 180):
        yield f"no place: {facts.lat}, {facts.lon}"
    for moment in (facts.taken_at, facts.gps_at):
        if moment is not None:
            yield from moment_complaints(moment)
    for words in (facts.make, facts.model, facts.software):
        if words is not None and (len(words) > 100 or not words.isprintable()):
            yield f"words {words!r}"
    kept = json.dumps(facts_kept(facts), ensure_ascii=False, allow_nan=False)
    kept.encode()
    if facts_kept(facts_from(json.loads(kept))) != facts_kept(facts):
        yield "what is kept is not what was read"


def moment_complaints(moment: datetime) -> Iterator[str]:
    """Why a moment cannot be reckoned with."""
    try:
        if moment.tzinfo is None:
            yield f"naive {moment}"
        moment.astimezone(datetime.now().astimezone().tzinfo)
        moment.timestamp()
    except (OverflowError, ValueError, OSError) as error:
        yield f"a moment that cannot be reckoned with: {moment!r} {error}"
