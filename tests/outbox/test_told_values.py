"""What people will be told: the text to the letter, each kind of value back as what it was, and nothing half understood."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal

import pytest

from outbox.told import heard, model_of, pictures_named, said


@dataclass(frozen=True)
class Inner:
    name: str
    at: datetime | None = None


@dataclass(frozen=True)
class Model:
    words: str
    count: int
    share: float
    yes: bool
    weight: Literal["note", "flag"]
    day: date
    clock: time
    names: frozenset[str]
    inner: Inner
    any_of: tuple[Inner, ...]
    cells: tuple[Any, ...]
    pair: tuple[str, date]
    three: tuple[Inner, date, str]
    one: tuple[date]
    by_name: Mapping[str, Inner]
    days: dict[str, tuple[date, ...]]
    later: str = "后来加的"


NOW, DAY = datetime(2026, 11, 23, 18, 5, 9), date(2026, 11, 23)
MODEL = Model(
    words="宏远“二期”\n", count=2, share=1.5, yes=True, weight="flag", day=DAY, clock=time(9, 30),
    names=frozenset({"乙", "甲", "丙"}), inner=Inner("一", NOW), any_of=(Inner("一"), Inner("二", NOW), Inner("三")),
    cells=(None, "字", 1, 1.5, False, DAY, NOW, time(9, 30)), pair=("左", DAY), three=(Inner("一"), DAY, "右"),
    one=(DAY,), by_name={"甲": Inner("一"), "乙": Inner("二")}, days={"甲": (DAY, date(2026, 11, 24))}, later="变了",
)  # fmt: skip


def test_the_text_is_short_in_the_order_of_the_fields_and_says_what_a_value_is() -> None:
    assert said(Inner("宏远", NOW)) == (
        '{"kind":"Inner","says":{"name":"宏远","at":{"datetime":"2026-11-23T18:05:09"}}}'
    )
    told = json.loads(said(MODEL))["says"]
    assert told["names"] == sorted(["甲", "乙", "丙"]), "the same set gives the same text"
    assert told["cells"] == [
        None, "字", 1, 1.5, False, {"date": "2026-11-23"}, {"datetime": "2026-11-23T18:05:09"}, {"time": "09:30:00"},
    ]  # fmt: skip
    assert (told["day"], told["clock"], told["pair"]) == (
        {"date": "2026-11-23"}, {"time": "09:30:00"}, ["左", {"date": "2026-11-23"}],
    )  # fmt: skip


def test_a_model_of_every_kind_of_field_comes_back() -> None:
    kind, says = heard(said(MODEL))
    assert kind == "Model"
    again = model_of(Model, says)
    assert again == MODEL
    assert [type(each) for each in again.cells] == [type(each) for each in MODEL.cells]
    assert said(again) == said(MODEL)


def test_what_a_later_version_added_takes_its_default() -> None:
    _kind, says = heard(said(MODEL))
    del says["later"], says["inner"]["at"]
    again = model_of(Model, says)
    assert (again.later, again.inner) == ("后来加的", Inner("一"))


@pytest.mark.parametrize("pair", [["左"], ["左", {"date": "2026-11-23"}, "又一个"]])
def test_a_pair_of_one_or_three_is_none(pair: list[Any]) -> None:
    _kind, says = heard(said(MODEL))
    with pytest.raises(ValueError, match="argument 2"):
        model_of(Model, {**says, "pair": pair})


@pytest.mark.parametrize(
    ("what", "named"), [(b"bytes", "bytes"), (Path("x"), "PosixPath|WindowsPath"), ({1, 2}, "set"), (1j, "complex")]
)
def test_what_nobody_can_be_told_is_refused_by_its_kind(what: Any, named: str) -> None:
    with pytest.raises(TypeError, match=f"^not a value that people can be told: ({named})$"):
        said(Inner(what))


def test_pictures_are_found_however_deep_they_are_named() -> None:
    told = [
        {"kept_as": "archive/1", "words": "archive/no"},
        {"picture": ["archive/no", {"kept_as": "spool/2"}]},
        {"kept_as": {"picture": "previews/3"}},
        {"a": {"b": [[{"picture": "archive/4"}], {"kept_as": "archive/1"}]}},
        {"kept_as": None}, {"picture": "book/archive/no"}, {"picture": "archives"}, {"Picture": "archive/no"},
        {"picture": "archive/5"},
    ]  # fmt: skip
    found = pictures_named(zlib.compress(json.dumps(told).encode()))
    assert found == ("archive/1", "spool/2", "previews/3", "archive/4", "archive/5")
    assert pictures_named(zlib.compress(b'"archive/x"')) == ()
