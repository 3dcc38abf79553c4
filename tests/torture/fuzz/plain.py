"""A workbook read once more, by the simplest means: every cell that holds something, as its XML says it.

No library for workbooks and nothing of ours: what our readers gave is held against it.  Only for files that were read.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, fromstring

from intake.raw import CellValue, Sheet, Workbook

_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_COVERED = ("merge", "")  #: said of a cell that a merge hides
Cell = tuple[int, int]


def differences(data: bytes, read: Workbook) -> Iterator[str]:
    """What stands in the file and not in *read*, and the other way round; nothing is raised."""
    try:
        sheets = _sheets(data)
    except Exception:  # this reading knows less than the libraries: then it has nothing to say
        return
    for sheet in read.sheets:
        if (found := sheets.get(sheet.name)) is not None:
            yield from _compared(sheet, found)


def _compared(sheet: Sheet, found: dict[Cell, list[tuple[str, str]]]) -> Iterator[str]:
    held = {
        (row, column): value for row, cells in sheet.rows for column, value in enumerate(cells, 1) if value is not None
    }
    troubled = {(each.row, each.column) for each in sheet.troubles} | {
        (each.row, each.column) for each in sheet.pictures
    }
    for place, said in found.items():
        words = [text for _kind, text in said if _ESCAPED.sub("", text).strip()]  # a mere _x000D_ is white space
        if not words or place in troubled or _COVERED in said:
            continue
        if place not in held:
            yield f"lost: {sheet.name} {place} {words[0][:40]!r}"
        elif len(said) == 1 and not _same(*said[0], held[place]):
            yield f"other: {sheet.name} {place} {said[0][1][:40]!r} is {held[place]!r:.60}"
    for place in held:
        if place not in found:
            yield f"invented: {sheet.name} {place} {held[place]!r:.60}"


def _same(kind: str, text: str, value: CellValue) -> bool:
    if kind in ("s", "inlineStr", "str"):
        return (
            not isinstance(value, str) or bool(_ESCAPED.search(text)) or "".join(text.split()) == "".join(value.split())
        )
    if isinstance(value, str) and "".join(text.split()) == "".join(value.split()):
        return True
    if kind == "b":
        return value == (text.strip().lower() in ("1", "true"))
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        try:
            number = float(text)
        except ValueError:
            return False
        return abs(number - value) <= 1e-9 * max(1.0, abs(number))
    return True


def _sheets(data: bytes) -> dict[str, dict[Cell, list[tuple[str, str]]]]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = {name.lower().replace("\\", "/").lstrip("/"): name for name in archive.namelist()}

        def part(name: str) -> Element:
            return fromstring(archive.read(names[name.lower()]))

        book = _related(part("_rels/.rels"), "", "officeDocument")[0][1]
        folder, _, file = book.rpartition("/")
        related = part(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
        strings = next((target for _id, target in _related(related, folder, "sharedStrings")), None)
        shared = _strings(part(strings)) if strings else []
        targets = dict(_related(related, folder, "worksheet"))
        found = {}
        for sheet in _named(part(book), "sheet"):
            identity = next((value for key, value in sheet.attrib.items() if _local(key) == "id"), "")
            if identity in targets:
                found[sheet.get("name", "")] = _cells(part(targets[identity]), shared)
        return found


def _related(root: Element, folder: str, kind: str) -> list[tuple[str, str]]:
    return [
        (each.get("Id", ""), posixpath.normpath(posixpath.join("" if each.get("Target", "").startswith("/") else folder, each.get("Target", "").replace("\\", "/").lstrip("/"))))
        for each in _named(root, "Relationship")
        if each.get("Type", "").rpartition("/")[2] == kind
    ]  # fmt: skip


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _named(root: Element, name: str) -> Iterator[Element]:
    return (each for each in root.iter() if _local(str(each.tag)) == name)


def _strings(root: Element) -> list[str]:
    return [_words(each) for each in root if _local(str(each.tag)) == "si"]


def _words(element: Element) -> str:
    """Text of all <t> but the reading aids."""
    text = ""
    for inner in element:
        name = _local(str(inner.tag))
        if name == "t":
            text += inner.text or ""
        elif name != "rPh":
            text += _words(inner)
    return text


def _cells(root: Element, shared: list[str]) -> dict[Cell, list[tuple[str, str]]]:
    """Every cell with something in it: what kind it says it is, and its text."""
    found: dict[Cell, list[tuple[str, str]]] = {}
    for data in (each for each in root if _local(str(each.tag)) == "sheetData"):
        row = 0
        if any(_local(str(each.tag)) != "row" for each in data):
            raise ValueError("something else than rows")
        for line in data:
            given = line.get("r", "")
            row, column = (int(given) if given.isdecimal() else row + 1), 0
            for cell in (each for each in line if _local(str(each.tag)) == "c"):
                row, column = _place(cell.get("r"), row, column)
                if said := _said(cell, shared):
                    found.setdefault((row, column), []).append(said)
    for merge in _named(root, "mergeCell"):
        _cover(found, merge.get("ref", ""))
    return found


def _cover(found: dict[Cell, list[tuple[str, str]]], reference: str) -> None:
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = _place(first, 0, 0), _place(last or first, 0, 0)
    for place in found:
        inside = min(top, bottom) <= place[0] <= max(top, bottom) and min(left, right) <= place[1] <= max(left, right)
        if inside and place != (min(top, bottom), min(left, right)):
            found[place].append(_COVERED)


def _place(reference: str | None, row: int, column: int) -> Cell:
    match = _PLACE.fullmatch(reference or "")
    if match is None:
        return row, column + 1
    number = 0
    for letter in match[1].upper():
        number = number * 26 + ord(letter) - 64
    return int(match[2]), number


def _said(cell: Element, shared: list[str]) -> tuple[str, str] | None:
    kind, text = cell.get("t", "n"), None
    for inner in cell:
        name = _local(str(inner.tag))
        if name == "v" and kind != "inlineStr":  # what stands in line is the text, whatever else stands beside it
            text = inner.text or ""
        elif name == "is":
            text = _words(inner)
    if text is None or not text:
        return None
    if kind == "s":
        return kind, shared[int(text)]
    return kind, text
