"""The table at the end of the demo: what happened, who, what came of it, where to look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from rich.cells import cell_len, set_cell_size

from demo.stage import Event

WIDTH = 120  #: columns of the terminal; a Chinese character takes two
_COLUMNS = (("发生了什么", 24), ("谁", 6), ("结果", 26), ("看哪里", 58))
_GAP = "  "
_NEVER_FIRST = "，。、；：！？”）〕》…"  # a line of Chinese does not begin with these
_WORD = re.compile(r"[!-~]{1,14}|.")  # a Latin word or a date stays whole


def listing(events: Sequence[Event], folder: Path, *, ok: bool) -> list[str]:
    """The lines to be printed, none wider than :data:`WIDTH`."""
    return [
        *_row([header for header, _width in _COLUMNS]),
        "─" * WIDTH,
        *(line for event, before in zip(events, [None, *events], strict=False) for line in _event(event, before)),
        "─" * WIDTH,
        *_closing(events, folder, ok=ok),
    ]


def _event(event: Event, before: Event | None) -> Iterator[str]:
    if before is None or before.at.date() != event.at.date():
        yield f"【{event.at:%Y-%m-%d} 星期{'一二三四五六日'[event.at.weekday()]}】"
    yield from _row((f"{event.at:%H:%M} {event.what}", event.who, event.result, event.where.as_posix()))


def _row(cells: Sequence[str]) -> Iterator[str]:
    folded = [fold(cell, width) for cell, (_header, width) in zip(cells, _COLUMNS, strict=True)]
    for parts in zip_longest(*folded, fillvalue=""):
        padded = (set_cell_size(part, width) for part, (_header, width) in zip(parts, _COLUMNS, strict=True))
        yield _GAP.join(padded).rstrip()


def fold(text: str, width: int) -> list[str]:
    """*text* in lines of at most *width* columns, broken between any two characters as Chinese is."""
    lines = [""]
    for word in _WORD.findall(text):
        if cell_len(lines[-1] + word) > width:
            carried = lines[-1][-1] if word in _NEVER_FIRST else ""
            lines[-1] = lines[-1].removesuffix(carried)
            lines.append(carried)
            word = word.lstrip()
        lines[-1] += word
    return lines


def _closing(events: Sequence[Event], folder: Path, *, ok: bool) -> list[str]:
    checked = "每一行都与实际送达的文件核对过，账本核对一致。" if ok else "有与预期不符的地方，见下。"
    return [
        f"共 {len(events)} 件事；“看哪里”从 {folder} 算起。{checked}",
        f"接着试试：python sync.py --config {folder / 'config.toml'} --now 2026-12-02T10:00:00 status",
    ]
