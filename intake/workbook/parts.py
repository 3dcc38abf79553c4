"""Parts of a workbook that the libraries do not read for us: small XML trees and picture bytes."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from intake.preflight.book import relations
from intake.preflight.package import MB, Package
from intake.preflight.survey import BookLimits, Survey

MOST_TREE = 8 * MB  # of XML in one tree: thousands of pictures


class Parts:
    """A workbook's package, after preflight; picture bytes are read once and kept within the limit."""

    def __init__(self, data: bytes, limits: BookLimits) -> None:
        self._package = Package(data, limits)
        self._left = limits.inflated_mb * MB
        self._pictures: dict[str, bytes] = {}

    def tree(self, part: str | None) -> Element | None:
        """The XML of a part; None when there is no such part, or it is too big or broken."""
        if part is None or (data := self._package.read(part, MOST_TREE)) is None:
            return None
        try:
            root: Element = fromstring(data, forbid_dtd=True)
        except Exception:  # ParseError, or one of defusedxml's
            return None
        return root

    def targets(self, part: str | None) -> dict[str, str]:
        """Relationship id → part; what lies outside the file is left out: it is never followed."""
        return {r.id: r.target for r in relations(self._package, part) if r.target} if part else {}

    def related(self, part: str, kind: str, fallback: str = "") -> str | None:
        """The part of that relationship type, or the one that usually has this name."""
        found = (r.target for r in relations(self._package, part) if r.type.lower() == kind.lower() and r.target)
        return next(found, None) or (self._package.find(fallback) if fallback else None)

    def picture(self, part: str | None) -> bytes | None:
        """The bytes of a picture; None when it is not there or the limit is reached."""
        if part is None:
            return None
        if part not in self._pictures:
            data = self._package.read(part, self._left)
            if data is None:
                return None
            self._left -= len(data)
            self._pictures[part] = data
        return self._pictures[part]


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def named(root: Element | None, name: str) -> Iterator[Element]:
    """All elements of that name, however deep and in whatever namespace."""
    if root is not None:
        yield from (element for element in root.iter() if local(element) == name)


def given(element: Element, name: str) -> str | None:
    """An attribute by its local name."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def properties(parts: Parts, survey: Survey) -> dict[str, str]:
    """The custom document properties, as text."""
    found = {}
    for item in named(parts.tree(survey.properties_part), "property"):
        if (name := item.get("name")) is not None:
            found[name] = "".join(item.itertext())
    return found
