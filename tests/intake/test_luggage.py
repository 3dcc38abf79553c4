"""What goes along with a call that is answered elsewhere, and what stays."""

from __future__ import annotations

import json
import tempfile
import zlib
from pathlib import Path

from disk.luggage import Blank, Brought, Case, Copy, Draft, Original, Shelf, carried, packed, travels, unpacked, weight
from outbox.told import pictures_named


def test_a_call_with_a_bare_path_stays_at_home(tmp_path: Path) -> None:
    assert travels((b"words", Original(tmp_path), 3, None))
    assert not travels((Original(tmp_path), tmp_path))


def test_an_original_goes_as_its_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    original = Original(tmp_path / "a")
    assert packed((original, 7)) == (Copy(b"content"), 7)
    assert Copy(b"content").read_bytes() == original.read_bytes()
    assert weight((original, b"words", 7)) == 12


def test_a_shelf_takes_what_is_named_and_nothing_from_outside(tmp_path: Path) -> None:
    for name in ("book/archive/a.jpg", "book/archive/b.jpg", "keys", "cold/archive/c.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    named = ("archive/a.jpg", "archive/c.jpg", "archive/gone.jpg", "archive/../../keys", str(tmp_path / "keys"))
    shelf = Shelf((tmp_path / "book", tmp_path / "cold"), lambda: named)
    case = shelf.packed()
    assert case == Case(
        {"archive/a.jpg": b"book/archive/a.jpg", "archive/c.jpg": b"cold/archive/c.jpg", "archive/gone.jpg": b""}
    )
    assert [case.picture(name) for name in ("archive/a.jpg", "archive/b.jpg")] == [b"book/archive/a.jpg", b""]


def test_pictures_are_those_that_words_name_where_pictures_lie() -> None:
    said = {
        "kind": "Receipt",
        "says": {"kept_as": "archive/2026/1.jpg", "rows": [{"picture": "previews/2.jpg"}, {"picture": ""}, {"kept_as": 7}],
                 "cells": {"kept_as": "keys/door.key", "备注": "archive/3.jpg"}},
    }  # fmt: skip
    assert pictures_named(zlib.compress(json.dumps(said).encode())) == ("archive/2026/1.jpg", "previews/2.jpg")


def test_what_was_written_on_the_way_is_written_here(tmp_path: Path) -> None:
    def writes(target: Blank | Draft) -> str:
        with target.scratch():
            assert Path(tempfile.gettempdir()) != tmp_path or isinstance(target, Draft)
        target.write(target.stem.encode())
        return "done"

    draft = Draft(tmp_path / "名.drawn")
    (blank,) = packed((draft,))
    brought = carried(writes, (blank,))
    assert brought == Brought("done", ("名".encode(),))
    assert not draft.path.exists()
    assert unpacked((draft,), brought) == "done"
    assert draft.path.read_bytes() == "名".encode()
    assert draft.path.stat().st_mode & 0o077 == 0
