"""A part of a workbook changed by its tags, attributes and texts; it stays XML unless the change is meant to break it."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from xml.sax.saxutils import escape, quoteattr

from tests.hostile import MAIN
from tests.torture.fuzz import values

_TAG = re.compile(r"<(/?)([\w:.-]+)((?:\s[^<>]*?)?)(/?)>")
_ATTRIBUTE = re.compile(r"(\s)([\w:.-]+)=\"([^\"]*)\"")
_TEXT = re.compile(r">([^<>]+)<")
_ELEMENTS = (
    "c|row|si|xf|numFmt|sheet|Relationship|Override|mergeCell|definedName|v|t|f|is|r|col|a:blip|xdr:pic|xdr:from|xdr:to"
    "|property|dataValidation|hyperlink"
)
_ELEMENT = re.compile(rf"<({_ELEMENTS})\b(?:[^<>]*/>|[^<>]*>.*?</\1>)", re.DOTALL)
_NAMES = (
    "r", "s", "t", "ref", "sqref", "vm", "cm", "si", "count", "ht", "hidden", "numFmtId", "xfId", "id", "r:id", "name",
    "state", "date1904", "min", "max", "width", "spans",
)  # fmt: skip
_TARGETS = (
    "xl/workbook.xml", "worksheets/sheet1.xml", "../media/image1.jpeg", "/xl/styles.xml", "", "..", "///", "%2e%2e/a",
    "http://example.invalid/a", "sharedStrings.xml", "\\xl\\workbook.xml", "worksheets/SHEET1.XML",
    "./worksheets/../worksheets/sheet1.xml",
)  # fmt: skip
_CHARACTERS = ("<", ">", "&", '"', "\0", "\x0b", "\ufffe", "'", "/", " ")
_TYPES = ("n", "s", "str", "inlineStr", "b", "e", "d", "z", "", "S", "shared", "array", "dataTable")
_MOST_AGAIN = 300

#: What office programs write, put where it stands or where it does not.
_SNIPPETS = (
    '<mergeCells><mergeCell ref="{a}:{b}"/></mergeCells>', '<hyperlinks><hyperlink ref="{a}:{b}"/></hyperlinks>',
    '<dimension ref="{a}:{b}"/>', '<sheetFormatPr defaultRowHeight="{n}"/>', '<cols><col min="{n}" max="{n}" width="{n}"/></cols>',
    '<dataValidations><dataValidation type="list" sqref="{a}:{b}"><formula1>{w}</formula1></dataValidation></dataValidations>',
    '<conditionalFormatting sqref="{a}"><cfRule type="expression" priority="{n}"><formula>{w}</formula></cfRule></conditionalFormatting>',
    '<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="{n}">{w}</definedName></definedNames>',
    '<row r="{n}"><c r="{a}" t="s"><v>{n}</v></c></row>', '<c r="{a}"><f>{w}</f></c>', '<c r="{a}" t="e"><v>#N/A</v></c>',
    '<c r="{a}" t="str"><f>_xlfn.DISPIMG("ID_0A1B",1)</f><v>=DISPIMG("ID_0A1B",1)</v></c>', '<c r="{a}" t="d"><v>{m}</v></c>',
    '<c r="{a}" t="inlineStr"><is><r><t>{w}</t></r><rPh sb="0" eb="1"><t>读</t></rPh><t>{w}</t></is></c>', '<c><v>{n}</v></c>',
    '<c r="{a}" s="{n}"><f t="shared" si="{n}" ref="{a}:{b}">{w}</f><v>{n}</v></c>', "<si><t>{w}</t><rPh><t>{w}</t></rPh></si>",
    '<numFmts><numFmt numFmtId="{n}" formatCode="yyyy-mm-dd"/></numFmts>', '<autoFilter ref="{a}:{b}"/>', "<!-- {w} -->", "<?{n} x?>",
    "<![CDATA[{w}]]>", "&#0;", "&#x1F600;", "&undefined;", '<!DOCTYPE a [<!ENTITY x "{w}">]>', '<extLst><ext uri="{w}"><sheetData/></ext></extLst>',
    "<sheetData>", "</sheetData>", '<x:c xmlns:x="' + MAIN + '" r="{a}"><x:v>{n}</x:v></x:c>', '<drawing r:id="rId{n}"/>',
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x14"><c r="{a}"><v>{n}</v></c></mc:Choice></mc:AlternateContent>',
    '<workbookPr date1904="{n}"/>', '<protectedRanges><protectedRange sqref="{a}:{b}" name="{w}"/></protectedRanges>',
    '<sheetViews><sheetView workbookViewId="{n}"><pane xSplit="{n}" topLeftCell="{a}" state="frozen"/></sheetView></sheetViews>',
    '<c r="{a}" vm="{n}" t="e"><v>#VALUE!</v></c>', "<v>{n}</v>", "<f>{w}</f>", "<is><t>{w}</t></is>", "<t>{w}</t>",
    '<c r="{a}" t="b"><v>{n}</v></c>',
)  # fmt: skip
_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-8-sig", "latin-1", "utf-32", "utf-7")
_SAID = ("UTF-16", "GB2312", "ISO-8859-1", "utf-8", "UTF-7", "x-unknown", "windows-1252", "UTF-32", "Shift_JIS")


def changed(part: bytes, rng: Random) -> bytes:
    """The part after one change."""
    text = part.decode("utf-8", "surrogateescape")
    text = rng.choice(_CHANGES)(text, rng)
    if rng.random() < 0.02:
        return _encoded(text, rng)
    return text.encode("utf-8", "surrogateescape")


def with_cell(part: bytes, rng: Random) -> bytes:
    """The part with one cell's content exchanged for another that is well written."""
    text = part.decode("utf-8", "surrogateescape")
    cells = [each for each in _ELEMENT.finditer(text) if each[1] == "c"]
    if not cells:
        return part
    cell = rng.choice(cells)
    place = re.search(r'r="([A-Z]+[0-9]+)"', cell[0])
    return _put(text, cell.start(), cell.end(), _cell(place[1] if place else "A1", rng)).encode(
        "utf-8", "surrogateescape"
    )


def _cell(place: str, rng: Random) -> str:
    style = f' s="{rng.randrange(4)}"' if rng.random() < 0.2 else ""
    kind = rng.random()
    if kind < 0.55:
        words = "".join(char for char in values.some(rng) if char >= " " or char in "\t\n")
        return f'<c r="{place}" t="inlineStr"{style}><is><t xml:space="preserve">{escape(words)}</t></is></c>'
    if kind < 0.85:
        return f'<c r="{place}"{style}><v>{escape(rng.choice(values.NUMBERS))}</v></c>'
    if kind < 0.9:
        return f'<c r="{place}" t="b"{style}><v>{rng.randrange(2)}</v></c>'
    if kind < 0.95:
        return f'<c r="{place}" t="e"{style}><v>#VALUE!</v></c>'
    return f'<c r="{place}"{style}><f>A1+1</f><v>{escape(rng.choice(values.NUMBERS))}</v></c>'


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _attribute(text: str, rng: Random) -> str:
    """Another value in an attribute."""
    found = list(_ATTRIBUTE.finditer(text))
    if not found:
        return text
    each = rng.choice(found)
    return _put(text, each.start(3), each.end(3), quoteattr(_value_for(each[2], rng))[1:-1].replace('"', "&quot;"))


def _value_for(name: str, rng: Random) -> str:
    if rng.random() < 0.15:
        return values.some(rng)
    match name:
        case "r" | "ref" | "sqref" | "topLeftCell" | "activeCell":
            return rng.choice(values.ADDRESSES if rng.random() < 0.8 else values.NUMBERS)
        case "t":
            return rng.choice(_TYPES)
        case "formatCode":
            return rng.choice(values.FORMATS)
        case "Target" | "PartName":
            return rng.choice(_TARGETS)
        case _:
            return rng.choice(values.NUMBERS)


def _new_attribute(text: str, rng: Random) -> str:
    """One more attribute, or the same once more."""
    found = [each for each in _TAG.finditer(text) if not each[1]]
    if not found:
        return text
    each, name = rng.choice(found), rng.choice(_NAMES)
    return _put(text, each.end(2), each.end(2), f" {name}={quoteattr(_value_for(name, rng))}")


def _no_attribute(text: str, rng: Random) -> str:
    """An attribute less."""
    found = list(_ATTRIBUTE.finditer(text))
    return _put(text, *rng.choice(found).span(), "") if found else text


def _text(text: str, rng: Random) -> str:
    """Another text between two tags."""
    found = list(_TEXT.finditer(text))
    if not found:
        return text
    each = rng.choice(found)
    new = values.some(rng)
    return _put(text, each.start(1), each.end(1), new if rng.random() < 0.1 else escape(new))


def _less(text: str, rng: Random) -> str:
    """An element less."""
    found = list(_ELEMENT.finditer(text))
    return _put(text, *rng.choice(found).span(), "") if found else text


def _more(text: str, rng: Random) -> str:
    """An element once more, here or elsewhere, now and then hundreds of times."""
    found = list(_ELEMENT.finditer(text))
    if not found:
        return text
    each, beside = rng.choice(found), rng.choice(found)
    times = rng.randrange(2, _MOST_AGAIN) if rng.random() < 0.05 else 1
    at = each.end() if rng.random() < 0.5 else beside.start()
    return _put(text, at, at, each[0][:2000] * times if times > 1 else each[0])


def _exchange(text: str, rng: Random) -> str:
    """Two elements in each other's place."""
    found = list(_ELEMENT.finditer(text))
    if len(found) < 2:
        return text
    first, second = sorted(rng.sample(found, 2), key=lambda each: each.start())
    if first.end() > second.start():
        return text
    return text[: first.start()] + second[0] + text[first.end() : second.start()] + first[0] + text[second.end() :]


def _rename(text: str, rng: Random) -> str:
    """A tag or an attribute by another name; one tag of the two, or all of that name."""
    found = list(_TAG.finditer(text))
    if not found:
        return text
    name = rng.choice(found)[2]
    other = rng.choice(
        (f"x:{name}", name.upper(), name.capitalize(), f"{name}x", rng.choice(found)[2], "row", "c", "v", "t")
    )
    if rng.random() < 0.3:
        return text.replace(f"<{name}", f"<{other}", 1)
    return re.sub(rf"(</?){re.escape(name)}\b", lambda match: match[1] + other, text)


def _snippet(text: str, rng: Random) -> str:
    """Something that office programs write, somewhere."""
    a, b = rng.choice(values.ADDRESSES), rng.choice(values.ADDRESSES)
    given = {"a": a, "b": b, "n": rng.choice(values.NUMBERS), "m": rng.choice(values.MOMENTS), "w": values.some(rng)}
    safe = {name: escape(value, {'"': "&quot;"}) for name, value in given.items()}
    found = list(_TAG.finditer(text))
    at = rng.choice(found).end() if found and rng.random() < 0.9 else rng.randrange(len(text) + 1)
    return _put(text, at, at, rng.choice(_SNIPPETS).format_map(safe))


def _prefixed(text: str, rng: Random) -> str:
    """The main namespace under a prefix, under another address, or not at all."""
    del rng
    text = re.sub(r"<(/?)(?=[A-Za-z]+[\s/>])", r"<\1x:", text)
    return text.replace("xmlns=", "xmlns:x=", 1)


def _namespace(text: str, rng: Random) -> str:
    new = rng.choice(("http://purl.oclc.org/ooxml/spreadsheetml/main", "", "urn:x", MAIN + "/"))
    return re.sub(r'xmlns="[^"]*"', f'xmlns="{new}"', text, count=1)


def _cut(text: str, rng: Random) -> str:
    """A piece taken out, or the end."""
    if not text:
        return text
    start = rng.randrange(len(text))
    return _put(text, start, len(text) if rng.random() < 0.3 else min(len(text), start + rng.randrange(1, 40)), "")


def _byte(text: str, rng: Random) -> str:
    if not text:
        return text
    at = rng.randrange(len(text))
    return _put(text, at, at + 1, rng.choice((*_CHARACTERS, chr(rng.randrange(32, 0x3000)))))


def _said_encoding(text: str, rng: Random) -> str:
    bare = re.sub(r"^<\?xml[^>]*\?>", "", text)
    return f'<?xml version="{rng.choice(("1.0", "1.1", "9"))}" encoding="{rng.choice(_SAID)}"?>{bare}'


def _encoded(text: str, rng: Random) -> bytes:
    return text.encode(rng.choice(_ENCODINGS), "replace")


_CHANGES: tuple[Callable[[str, Random], str], ...] = (
    _attribute, _attribute, _attribute, _new_attribute, _no_attribute, _text, _text, _text, _less, _more, _exchange, _rename,
    _snippet, _snippet, _snippet, _prefixed, _namespace, _cut, _byte, _said_encoding,
)  # fmt: skip
