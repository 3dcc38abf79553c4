"""The shared strings counted and measured; those that the libraries would garble are kept."""

from __future__ import annotations

from intake.causes import Cause
from intake.preflight.package import NEVER_WORKBOOK, Package
from intake.preflight.survey import BookLimits, Unsafe
from intake.preflight.xml import ESCAPED, Attributes, feed, local_name, new_parser, strange, unescape

MOST_STRINGS = 1_000_000  # 20,000 rows of 14 different texts are 280,000


class StringScan:
    """Expat's handlers for the shared strings."""

    def __init__(self, limits: BookLimits) -> None:
        self._most = limits.cell_chars
        self._count = self._length = 0
        self._phonetic = self._inside = self._said = False
        self._text: list[str] = []
        self.escaped: dict[str, str] = {}  #: strings with ``_x000D_`` in them, in plain, by index
        self.blank: set[str] = set()  #: indices of strings that hold nothing to be seen

    def start(self, tag: str, _given: Attributes) -> None:
        """A string begins, or the reading aid (rPh) inside one."""
        name = local_name(tag)
        if self._inside or (name == "t" and self._said and not self._phonetic):
            raise strange()  # an element in a text; a second text without a run (r) of its own
        if name == "t":
            self._inside, self._said = True, self._said or not self._phonetic
        elif name == "r":
            self._said = False
        elif name == "si":
            self._said = False
            self._count, self._length, self._text = self._count + 1, 0, []
            if self._count > MOST_STRINGS:
                raise Unsafe(Cause.TOO_MANY_STRINGS, f"工作簿里的文字超过 {MOST_STRINGS} 段", NEVER_WORKBOOK)
        elif name == "rPh":
            self._phonetic = True

    def text(self, piece: str) -> None:
        """A piece of a string."""
        self._length += len(piece)
        if self._length > 7 * self._most:  # every character may be escaped as _x000D_
            raise self._too_long()
        if not self._phonetic:
            self._text.append(piece)

    def end(self, tag: str) -> None:
        """A string ends."""
        name = local_name(tag)
        if name == "t":
            self._inside = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            text = "".join(self._text)
            if len(text) > self._most and len(ESCAPED.sub("x", text)) > self._most:
                raise self._too_long()
            if not text or text.isspace():
                self.blank.add(str(self._count - 1))
            elif "_x" in text and ESCAPED.search(text):
                self.escaped[str(self._count - 1)] = unescape(text)

    def _too_long(self) -> Unsafe:
        reason = f"工作簿里有一个单元格超过 {self._most} 个字"
        return Unsafe(Cause.CELL_TOO_LONG, reason, "请缩短这个单元格的内容后再放入")


def odd_strings(package: Package, part: str | None, limits: BookLimits) -> StringScan:
    """Look the shared strings through, for those that want care; raises :class:`Unsafe` when they are too many or too long."""
    scan = StringScan(limits)
    if part is not None:
        parser = new_parser()
        parser.StartElementHandler = scan.start
        parser.EndElementHandler = scan.end
        parser.CharacterDataHandler = scan.text
        for _ in feed(parser, package.chunks(part)):
            pass
    return scan
