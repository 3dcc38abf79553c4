"""One row judged: shaped, its pictures found, its facts gathered, its rules asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from intake.raw import CellValue, Trouble
from ledger import photos, rows
from ledger.records import Photo
from policy.columns import as_text
from policy.form import Form, columns, words_of
from policy.words import file_key
from processors.reading import read_by_software
from processors.verdict import Verdict
from service.context import Context, key_text
from service.gathering import day_of, facts_for
from validators.catalogue import check
from validators.shape import Shaped, jsonable, shape


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
class Pictures:
    """The pictures of a row: by field those that are here, and the names of those that are not."""

    here: Mapping[str, tuple[Photo, ...]]
    missing: tuple[str, ...]


def judge(form: type[Form], raw: RawRow, context: Context) -> Verdict:
    """Everything there is to find about one row, all at once."""
    lists = context.settings.lists.model_dump()
    pictured = frozenset(field for field, shas in raw.embedded.items() if shas)
    shaped = shape(form, raw.fields, lists, raw.troubles, pictured, context.now.date())
    pictures = find_pictures(form, shaped, raw.embedded, context)
    shas = tuple(dict.fromkeys(photo.facts.sha256 for found in pictures.here.values() for photo in found))
    key = row_key(form, shaped, context, (*shas, *map(file_key, pictures.missing)))
    facts = facts_for(form, shaped.record, pictures.here, _besides_own(form, key, context))
    findings = (*shaped.findings, *check(form, shaped.record, facts, shaped.unusable))
    headers = {column.field: column.header for column in columns(form)}
    return Verdict(
        form=form,
        person=context.submitter.name,
        department=context.submitter.department,
        submitted_at=context.now,
        sheet=raw.sheet,
        row_no=raw.number,
        cells=raw.cells,
        values=jsonable(form, shaped.record, shaped.unusable),
        read=read_by_software(form, shaped.record, facts),
        photos=shas,
        embedded={headers[field]: found for field, found in raw.embedded.items() if found},
        missing=pictures.missing,
        findings=findings,
        key=key,
        customer_id=facts.customer.id if facts.customer else None,
        day=day_of(shaped.record),
    )


def _besides_own(form: type[Form], key: str, context: Context) -> Context:
    """A row that corrects one's own earlier row is not hindered by what that one holds: its pictures, its place."""
    if context.receipt_no or not key:
        return context
    live = rows.live_row(context.book, form.sheet, key)
    mine = live is not None and live.person == context.submitter.name
    return replace(context, receipt_no=live.receipt_no) if live is not None and mine else context


def row_key(form: type[Form], shaped: Shaped, context: Context, pictures: tuple[str, ...]) -> str:
    """The row's key, or '' when the columns that make it up cannot be used."""
    try:
        key = key_text(shaped.record.key(context.submitter.name, pictures))
    except (AttributeError, TypeError):  # a column of the key is None: the row is refused, and has no key to meet
        return ""
    return f"{key}|{context.now:%Y-%m-%d}" if form.keyed_by_day else key


def find_pictures(
    form: type[Form], shaped: Shaped, embedded: Mapping[str, tuple[str, ...]], context: Context
) -> Pictures:
    """The pictures that a row names or holds; a named one that has not arrived is waited for."""
    here: dict[str, tuple[Photo, ...]] = {}
    missing: list[str] = []
    since = photos.window(context.now)
    for column in columns(form):
        if column.kind != "photos" or column.field in shaped.unusable:
            continue
        found = [photo for sha in embedded.get(column.field, ()) if (photo := photos.photo(context.book, sha))]
        for name in getattr(shaped.record, column.field):
            photo = photos.photo_named(context.book, context.submitter.name, file_key(name), since)
            if photo is not None:
                found.append(photo)
            else:
                missing.append(name)
        here[column.field] = tuple(found)
    return Pictures(here, tuple(dict.fromkeys(missing)))


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
