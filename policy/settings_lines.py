"""On which line of a TOML text a key stands: so that the operator is sent to the right place.

``tomllib`` keeps no positions.  The text has been parsed before, so that this
scan may rely on it being correct TOML and need only tell keys, strings and brackets apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_KEY_PART = re.compile(r'[ \t]*(?:"((?:\\.|[^"\\])*)"|\'([^\']*)\'|([A-Za-z0-9_-]+))[ \t]*(\.?)')
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|#[^\n]*|[\[\]{},]|\n|[ \t\r]+|[^\"'#\[\]{},\s]+",
    re.DOTALL,
)


def join_key(parts: Sequence[str | int]) -> str:
    """The path of a key as it is written in messages: ``policy.0.daily_report.due``."""
    return ".".join(str(part) for part in parts)


def key_lines(text: str) -> dict[str, int]:
    """Every key path of *text*, and of the tables and list elements, with its 1-based line."""
    return _Scan(text).lines


class _Scan:
    """One walk over the text, statement by statement."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[str, int] = {}
        self.tables: dict[str, int] = {}  # arrays of tables: how many so far
        self.table: list[str] = []
        self._walk()

    def _walk(self) -> None:
        while self._skip_blank() < len(self.text):
            if self.text[self.at] == "[":
                self._header()
            else:
                self._pair()

    def _skip_blank(self) -> int:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _note(self, path: Sequence[str]) -> None:
        """The key and the tables that a dotted key makes on its way."""
        for length in range(1, len(path) + 1):
            self.lines.setdefault(join_key(path[:length]), self._line())

    def _key(self) -> Iterator[str]:
        while match := _KEY_PART.match(self.text, self.at):
            self.at = match.end()
            yield next(part for part in match.groups()[:3] if part is not None)
            if not match[4]:
                return

    def _header(self) -> None:
        line, array = self._line(), self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        path: list[str] = []
        for part in self._key():
            path.append(part)
            count = self.tables.get(join_key(path))
            if count is not None and not array:
                path.append(str(count - 1))
        if array:
            number = self.tables.setdefault(join_key(path), 0)
            self.tables[join_key(path)] = number + 1
            path.append(str(number))
        self._note(path)
        self.lines[join_key(path)] = line
        self.table = path
        self.at = len(self.text) if (end := self.text.find("\n", self.at)) < 0 else end

    def _pair(self) -> None:
        path = [*self.table, *self._key()]
        self._note(path)
        # Never back: a text that is not TOML after all must not send the scan round in circles.
        self.at = len(self.text) if (found := self.text.find("=", self.at)) < 0 else found + 1
        self._value(path)

    def _value(self, path: Sequence[str]) -> None:
        depth, index, fresh = 0, 0, False
        while match := _TOKEN.match(self.text, self.at):
            token = match[0]
            if token == "\n" and depth == 0:
                return
            blank = token.isspace() or token.startswith("#")
            if fresh and not blank and token != "]":
                self._note([*path, str(index)])
                index, fresh = index + 1, False
            depth += (token in "[{") - (token in "]}")
            fresh = fresh or (depth == 1 and token in "[,")
            self.at = match.end()
