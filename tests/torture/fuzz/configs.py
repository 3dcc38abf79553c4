"""A ``config.toml`` changed by its lines: keys, values, tables, and what is no TOML at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_LINE = re.compile(r"^(\s*)((?:\"[^\"]*\"|[\w.-]+))(\s*=\s*)(.*?)(\s*(?:#.*)?)$")
_TABLE = re.compile(r"^\s*\[+([^\]]+)\]+")
_VALUES = (
    "0", "-1", "1", "-0.0", "1.5", "1e400", "-inf", "nan", "99999999999999999999999999", "0x10", "1_000", '""', '" "', '"20:00"',
    '"24:00"', '"25:61"',
    '"24:01"', "20:00:00", "2026-01-01", "2026-01-01T00:00:00Z", "0001-01-01", "9999-12-31", "true", "false", "[]", "[[]]", "[1, 2]",
    '["甲", "甲"]', '["", ""]',
    '{}', '{a = 1}', '{"" = ""}', '"张三"', '"销售人员"', '["销售人员", "没有这个岗位"]', '"Asia/Nowhere"', '"../.."', '"/"', '"C:\\\\x"',
    '"\\u0000"', '"\\U0010FFFF"',
    '"{words}"', '"a\\u0000b"', '"\\u001b[31m"', '"\\u2028"', '"%s"', '"{0}"', '"\\n"', '"2026-13-01"', '["2026-02-30"]',
    '["2026-10-01", "2026-10-01"]', '"on"', '"refuse"', '"flag"', '"1st 01:00"', '"31st 01:00"',
    '"0th 00:00"', '"99th 99:99"', "'''a'''", '"""a"""', '["mailto://a:b@c", 1]', '"tls://x:1"', '"tcp://0.0.0.0:1"', '"local"', '"dask"',
    '[{from = 1}]',
    '["深圳市\\u200b"]', '"＝"', "9223372036854775808", "[nan]", "[-1]", "[1.5]", '["７"]', '"' + "长" * 5000 + '"', "[" * 60 + "]" * 60,
    '{from = "x"}',
)  # fmt: skip
_LINES = (
    "[policy]", "[[policy]]", '[[policy]]\nfrom = 2026-01-01', '[[policy]]\nfrom = 2026-01-01\n[[policy]]\nfrom = 2026-01-01',
    "[[policy]]\nfrom = 9999-12-31\n[policy.photos]\nnear_m = -1",
    "[[policy]]\nfrom = 2026-12-01\ndaily_report = {due = 5}", "[[policy]]\nfrom = 2026-12-01\nphotos = 3",
    '[[policy]]\nfrom = "2026-12-01"\n[policy.rules]\n"no.such" = "off"',
    "[photos]", "[rules]", "[[photos]]", "[photos.near_m]", "[nothing]", "nothing = 1", '"" = 1', "= 1", "a", "[", "]", "[]", '"a',
    "a = [1,\n2,", "\x00", "\x0b", "﻿", "a.b.c = 1",
    "photos.near_m = 1", "[photos]\nnear_m = 1", '"张三" = "李四"', "'''", '"""', "# \x07", "folders = []", 'folders = "x"',
    "x = 1979-05-27T07:32:00-24:00", "[folders.share]", "messages = 1",
    "[messages.people.\"张三\"]\nx = 1", "group = {branches = [1]}", "[[group.branches]]", "posts = []",
    "[approval]\n\"没有的表\" = [\"部门经理\"]", "[approval]\n\"拜访记录\" = []", "[schedule]\nnightly = 1",
)  # fmt: skip


def config(data: bytes, rng: Random) -> bytes:
    """The file after a change."""
    if rng.random() < 0.05:
        return _bytes(data, rng)
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        rng.choice(_CHANGES)(lines, rng)
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _bytes(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    match rng.randrange(7):
        case 0:
            return data[:at]
        case 1:
            return (
                data[:at]
                + rng.choice((b"\xff", b"\0", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\x1a", rng.randbytes(3)))
                + data[at:]
            )
        case 2:
            return b"\xef\xbb\xbf" + data
        case 3:
            return data.decode("utf-8", "ignore").encode(rng.choice(("utf-16", "gb18030", "utf-32")))
        case 4:
            return data.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"\x0c\n")))
        case 5:
            return rng.choice(
                (
                    b"",
                    b"\n",
                    b"\0" * 50,
                    b"PK\x03\x04",
                    b"[" * 3000,
                    b"a=" + b"[" * 3000,
                    b"a." * 3000 + b"b=1",
                    b"a={" + b"a={" * 500,
                )
            )
        case _:
            return data + data


def _settable(lines: list[str]) -> list[tuple[int, re.Match[str]]]:
    found = ((at, _LINE.match(line)) for at, line in enumerate(lines))
    return [(at, match) for at, match in found if match]


def _value(lines: list[str], rng: Random) -> None:
    if found := _settable(lines):
        at, match = rng.choice(found)
        new = rng.choice(_VALUES) if rng.random() < 0.8 else rng.choice(found)[1][4]
        lines[at] = f"{match[1]}{match[2]}{match[3]}{new}{match[5]}"


def _nudged(lines: list[str], rng: Random) -> None:
    """One character of a value otherwise."""
    if found := [each for each in _settable(lines) if each[1][4]]:
        at, match = rng.choice(found)
        value = match[4]
        place = rng.randrange(len(value))
        new = rng.choice("0123456789.,:\"'[]{}-+eE_xT \\张无同" + value)
        lines[at] = f"{match[1]}{match[2]}{match[3]}{value[:place]}{new}{value[place + rng.randrange(2) :]}{match[5]}"


def _key(lines: list[str], rng: Random) -> None:
    if found := _settable(lines):
        at, match = rng.choice(found)
        old = match[2]
        others = (
            old + "x",
            old[:-1],
            old.upper(),
            rng.choice(found)[1][2],
            f"'{old}'",
            "a.b",
            '"a\\"b"',
            "键",
            f'{old} "',
        )
        name = rng.choice(others)
        lines[at] = f"{name}{match[3]}{match[4]}"


def _less(lines: list[str], rng: Random) -> None:
    if len(lines) > 1:
        del lines[rng.randrange(len(lines))]


def _twice(lines: list[str], rng: Random) -> None:
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))


def _exchange(lines: list[str], rng: Random) -> None:
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]


def _line(lines: list[str], rng: Random) -> None:
    lines.insert(rng.choice((rng.randrange(len(lines) + 1), len(lines))), rng.choice(_LINES))


def _table(lines: list[str], rng: Random) -> None:
    if found := [at for at, line in enumerate(lines) if _TABLE.match(line)]:
        at = rng.choice(found)
        name = lines[at].strip().strip("[]")
        lines[at] = rng.choice(
            (f"[[{name}]]", f"[{name}x]", f"[{name}.{name}]", "", lines[rng.choice(found)], "[rules]")
        )


_CHANGES: tuple[Callable[[list[str], Random], None], ...] = (
    _value, _value, _value, _value, _nudged, _nudged, _key, _less, _twice, _exchange, _line, _line, _table,
)  # fmt: skip
