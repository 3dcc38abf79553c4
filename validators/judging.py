"""One row judged: its cells shaped, its pictures found, the book asked, its rules asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from intake.raw import CellValue, Trouble
from ledger import photo_uses, photos, rows, words
from ledger.people import people_on
from ledger.records import Finding, Photo, Severity
from policy.columns import as_text
from policy.form import Column, Form, columns, words_of
from policy.words import file_key
from validators.catalogue import check, rules_for
from validators.context import Context
from validators.elsewhere import elsewhere
from validators.facts import Facts
from validators.keys import lasting_key, lasting_names, rooted
from validators.namesakes import names_somebody, register_of, with_register_names
from validators.shape import Reading, Shaped, jsonable
from validators.verdict import Verdict


@dataclass(frozen=True)
class RawRow:
    """A row as it was dropped, its cells sorted by field."""

    sheet: str
    number: int
    fields: Mapping[str, CellValue]
    cells: list[list[str]]  #: [header, text] of all columns
    troubles: Mapping[str, Trouble]
    embedded: Mapping[str, tuple[str, ...]]  #: photo field → content hashes of pictures placed in the row


@dataclass(frozen=True)
class RowPictures:
    """The pictures of a row: by field those that are here, and the names of those that are not."""

    here: Mapping[str, tuple[Photo, ...]]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A row whose cells were read: ready to be judged, which needs answers from the book."""

    form: type[Form]
    raw: RawRow
    shaped: Shaped


def shaped_rows(
    form: type[Form], raws: Iterable[RawRow], lists: Mapping[str, tuple[str, ...]], today: date
) -> tuple[Candidate, ...]:
    """Rows with their cells turned into values, as far as they can be; asks nobody."""
    reading = Reading(form, lists, today)
    return tuple(
        Candidate(
            form,
            raw,
            reading.row(raw.fields, raw.troubles, frozenset(field for field in raw.embedded if raw.embedded[field])),
        )
        for raw in raws
    )


def shaped_row(form: type[Form], raw: RawRow, lists: Mapping[str, tuple[str, ...]], today: date) -> Candidate:
    """The same of one row."""
    return shaped_rows(form, (raw,), lists, today)[0]


@dataclass(frozen=True)
class Gathered:
    """Everything that the rules may know about a row."""

    shas: tuple[str, ...]
    missing: tuple[str, ...]
    key: str
    facts: Facts
    elsewhere: tuple[Finding, ...] = ()  #: what other branches of the group say


def gather(row: Candidate, context: Context) -> Gathered:
    """Ask the book what the row's rules need to know."""
    return _gathered(_in_the_register(row, context), context)


def _in_the_register(row: Candidate, context: Context) -> Candidate:
    if not names_somebody(row.form, row.shaped):
        return row
    shaped = with_register_names(row.form, row.shaped, register_of(context))
    return row if shaped is row.shaped else replace(row, shaped=shaped)


def _gathered(row: Candidate, context: Context) -> Gathered:
    form, shaped = row.form, row.shaped
    pictures = find_pictures(form, shaped, row.raw.embedded, context)
    shas = tuple(dict.fromkeys(photo.facts.sha256 for found in pictures.here.values() for photo in found))
    key = row_key(shaped, context, (*shas, *map(file_key, pictures.missing)))
    own = _besides_own(form, key, context)
    facts = own.facts.but(
        people=people_on(own.book, own.now.date()),
        photos={field: tuple(_with_history(photo, own) for photo in found) for field, found in pictures.here.items()},
    )
    found = rules_for(form).gather(shaped.record, facts, own)
    return Gathered(shas, pictures.missing, key, found, elsewhere(form, shaped.record, pictures.here, own))


def _with_history(photo: Photo, context: Context) -> Photo:
    bits = context.settings.photos.similar_bits
    uses = photo_uses.uses(context.book, photo.facts, near_bits=bits, besides=context.receipt_no)
    return replace(photo, uses=uses, words=context.ask(words.on_picture, photo.facts.sha256))


def _missing_too(form: type[Form], findings: Sequence[Finding], missing: Sequence[str]) -> Iterator[Finding]:
    """A row that is wrong anyway is not waited for: it is told at once which of its pictures have not come either."""
    if missing and any(finding.severity is Severity.REFUSE for finding in findings):
        header = next(column.header for column in columns(form) if column.kind == "photos")
        words = f"照片“{'、'.join(missing)}”还没有收到"
        yield Finding(
            "row.photo_missing", form.clause, Severity.REFUSE, header, words, "请把照片和改好的这一行一起投递"
        )


def judge(row: Candidate, context: Context) -> Verdict:
    """Everything there is to find about one row, all at once."""
    row = _in_the_register(row, context)
    form, raw, shaped = row.form, row.raw, row.shaped
    known = _gathered(row, context)
    findings = (*shaped.findings, *check(form, shaped.record, known.facts, shaped.unusable), *known.elsewhere)
    findings = (*findings, *_missing_too(form, findings, known.missing))
    headers = _headers(form)
    values = jsonable(form, shaped.record, shaped.unusable)
    roots = lasting_names(context)
    return Verdict(
        form=form,
        person=context.submitter.name,
        department=context.submitter.department,
        submitted_at=context.now,
        sheet=raw.sheet,
        row_no=raw.number,
        cells=raw.cells,
        values=values,
        read=rules_for(form).read(shaped.record, known.facts),
        photos=known.shas,
        embedded={headers[field]: found for field, found in raw.embedded.items() if found},
        missing=known.missing,
        findings=findings,
        key=known.key,
        customer_id=known.facts.customer.id if known.facts.customer else None,
        day=_day_of(shaped.record),
        rooted=rooted(form, values, roots) if roots else {},
        roots=roots,
    )


@cache
def _headers(form: type[Form]) -> Mapping[str, str]:
    return {column.field: column.header for column in columns(form)}


def _day_of(record: Any) -> date | None:
    """The day that a row is about, for forms that have one."""
    found = getattr(record, "date", None)
    return found if isinstance(found, date) else None


def _besides_own(form: type[Form], key: str, context: Context) -> Context:
    """A row that corrects one's own earlier row is not hindered by what that one holds: its pictures, its place."""
    if context.receipt_no or not key:
        return context
    live = rows.live_row(context.book, form.sheet, key)
    mine = live is not None and live.person == context.submitter.name
    return replace(context, receipt_no=live.receipt_no) if live is not None and mine else context


def row_key(shaped: Shaped, context: Context, pictures: tuple[str, ...]) -> str:
    """The row's key, or '' when the columns that make it up cannot be used."""
    try:
        return lasting_key(shaped.record, context, pictures)
    except (AttributeError, TypeError):  # a column of the key is None: the row is refused, and has no key to meet
        return ""


@cache
def _photo_columns(form: type[Form]) -> tuple[Column, ...]:
    return tuple(column for column in columns(form) if column.kind == "photos")


def find_pictures(
    form: type[Form], shaped: Shaped, embedded: Mapping[str, tuple[str, ...]], context: Context
) -> RowPictures:
    """The pictures that a row names or holds; a named one that has not arrived is waited for."""
    here: dict[str, tuple[Photo, ...]] = {}
    missing: list[str] = []
    since = photos.window(context.now)
    for column in _photo_columns(form):
        if column.field in shaped.unusable:
            continue
        found = [photo for sha in embedded.get(column.field, ()) if (photo := photos.photo(context.book, sha))]
        for name in getattr(shaped.record, column.field):
            photo = photos.photo_named(context.book, context.submitter.name, file_key(name), since)
            if photo is not None:
                found.append(photo)
            else:
                missing.append(name)
        here[column.field] = tuple(found)
    return RowPictures(here, tuple(dict.fromkeys(missing)))


def kept_row(
    form: type[Form], sheet: str, number: int, cells: list[list[str]], embedded: Mapping[str, tuple[str, ...]]
) -> RawRow:
    """A row that was received before, ready to be judged again."""
    by_header = dict(cells)
    fields = {column.field: words_of(column, by_header) for column in columns(form)}
    held = {column.field: embedded.get(column.header, ()) for column in columns(form)}
    return RawRow(sheet, number, fields, cells, {}, held)


def texts(headers: tuple[tuple[int, str], ...], cells: tuple[CellValue, ...]) -> list[list[str]]:
    """The cells of a row as [header, text]."""
    return [[header, as_text(cells[index]) if index < len(cells) else ""] for index, header in headers]
