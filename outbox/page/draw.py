"""首页.html drawn by Jinja2: one file with its style and pictures inside, that asks nobody for anything.

A company may keep templates of its own; one that is broken is told of, and the shipped one is used.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from outbox.own_wording import fault
from outbox.page.chart import drawn, plain
from outbox.page.looks import SHIPPED
from outbox.page.model import Cell, Home, Seen

WORDED = "首页"
PAGE, STYLE = "home.html", "home.css"
MOST_BYTES = 1_000_000  #: a page is opened over slow lines, and kept by sync programs
_SHORT = 18  #: characters of a cell that is not broken
_PICTURES = 640_000  #: bytes of pictures; base64 makes a third more of them

Pictures = Callable[[str], bytes]


def render_home(page: Home, pictures: Pictures, own: Path | None = None) -> tuple[bytes, str]:
    """The file, and what is wrong with the company's templates ('' if nothing is).

    :param own: the company's own templates; each stands in the place of the shipped one of its name
    """
    wrong = ""
    if own is not None and own.is_dir():
        try:
            return _fitting(page, pictures, _templates(own, SHIPPED)), ""
        except Exception as error:  # whatever a template of somebody else's does: it is told of
            wrong = fault(error, own, WORDED)
    return _fitting(page, pictures, _templates(SHIPPED)), wrong


@cache
def _templates(*folders: Path) -> Environment:
    """What reads templates, the first folder first; a template is understood once, and again when its file has changed."""
    templates = Environment(
        loader=FileSystemLoader(folders, encoding="utf-8"), undefined=StrictUndefined, autoescape=True, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    templates.filters |= {"age": age, "bidi": bidi, "cells": cells}
    templates.filters["chart"] = lambda chart: Markup(drawn(chart))
    return templates


def age(since: datetime, now: datetime) -> str:
    """How long something has waited, in words that stay true all day."""
    days = (now.date() - since.date()).days
    if days >= 1:
        return f"{days} 天"
    return f"今天 {since:%H:%M}" if since.time() != time() else "今天"


def bidi(text: str) -> Markup:
    """A word of a table, apart from its neighbours: what is read from the right turns nothing round."""
    return Markup(f"<bdi>{escape(text)}</bdi>" if text else "")


def cells(row: Sequence[Cell], numbers: Collection[int]) -> Markup:
    """The cells of a row, the first as its head; written here since a page has thousands."""
    return Markup("".join(_cell(each, n == 0, n in numbers) for n, each in enumerate(row)))


def _cell(each: Cell, head: bool, number: bool) -> str:
    words = bidi(each.text)
    shown = f'<a href="{escape(each.href)}">{words}</a>' if each.href else words
    tag, scope = ("th", ' scope="row"') if head else ("td", "")
    kinds = f"{'n ' if number else ''}{'long ' if len(each.text) > _SHORT else 'short '}{each.mark}"
    return f'<{tag}{scope} class="{kinds}">{shown}</{tag}>'


def _fitting(page: Home, pictures: Pictures, templates: Environment) -> bytes:
    """The page below its limit: the oldest pictures, then rows, are left out if they must be."""
    shown = _pictures_of(page, pictures)
    made = _rendered(page, shown, templates)
    while len(made) > MOST_BYTES and shown:
        shown = dict(list(shown.items())[: len(shown) // 2])
        made = _rendered(page, shown, templates)
    rows = 256
    while len(made) > MOST_BYTES and rows:
        made = _rendered(_shortened(page, rows), shown, templates)
        rows //= 2
    return made


def _shortened(page: Home, rows: int) -> Home:
    """The page with so many rows a table."""
    words = f"表格太长，只列出前 {rows} 行；全部见报表。"
    return replace(
        page,
        parts=tuple(
            replace(
                part,
                tables=tuple(
                    replace(each, rows=each.rows[:rows], more=words) if len(each.rows) > rows else each
                    for each in part.tables
                ),
                grids=tuple(
                    replace(each, rows=each.rows[:rows], more=words) if len(each.rows) > rows else each
                    for each in part.grids
                ),
            )
            for part in page.parts
        ),
    )


def _pictures_of(page: Home, pictures: Pictures) -> Mapping[str, str]:
    """受理号 → the picture as an address that holds it, as many as there is room for."""
    found: dict[str, str] = {}
    room = _PICTURES
    for part in page.parts:
        for each in part.visits:
            data = _picture(each, pictures)
            room -= len(data)
            if data and room >= 0:
                found[each.receipt_no] = f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
    return found


def _picture(seen: Seen, pictures: Pictures) -> bytes:
    data = pictures(seen.picture) if seen.picture else b""
    return data if data.startswith(b"\xff\xd8") else b""


def _rendered(page: Home, pictures: Mapping[str, str], templates: Environment) -> bytes:
    style = templates.get_template(STYLE).render().strip()
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    text = templates.get_template(PAGE).render(
        page=page, pictures=pictures, style=Markup(style), style_hash=allowed
    )  # fmt: skip
    return plain(text).encode()


def faults_of(own: Path) -> list[str]:
    """What is wrong with the company's templates as they stand, file by file: what no page has to be drawn to see."""
    found: list[str] = []
    for path in sorted(own.glob("*")) if own.is_dir() else ():
        try:
            _templates(own).get_template(path.name)
        except Exception as error:
            found.append(fault(error, own, WORDED))
    return found
