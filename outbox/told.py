"""What people will be told, as JSON: a model goes in, text comes out that is committed, and the same model comes back.

Values keep their types: text, whole and broken numbers, truth values, dates and times.  A field that a later version
adds takes its default, so that what was told before an update can still be drawn after it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
_MADE: Mapping[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def said(model: Any) -> str:
    """The JSON text of *model*, a frozen dataclass; the same model gives the same text."""
    told = {"kind": type(model).__name__, "says": model}
    return json.dumps(told, default=_as_json, ensure_ascii=False, check_circular=False, separators=(",", ":"))


def heard(text: str) -> tuple[str, Any]:
    """The kind of model that *text* was made from, and its bare JSON values."""
    told = json.loads(text)
    return str(told["kind"]), told["says"]


def model_of(kind: type[T], says: Any) -> T:
    """The model of this *kind* that says so; *says* is used up."""
    return cast("T", _maker(cast("Any", kind))(says))


_PICTURES = ("kept_as", "picture")  #: fields of models that name one, below the book's folder
_KEPT = ("archive/", "spool/", "previews/")  #: and where it may lie: what somebody wrote into a cell names nothing else


def pictures_named(words: bytes) -> tuple[str, ...]:
    """The pictures that may be shown by what was *said* and squeezed, each once."""
    found = _named(json.loads(zlib.decompress(words)))
    return tuple(dict.fromkeys(name for name in found if name.startswith(_KEPT)))


def _named(said: Any) -> Iterator[str]:
    if isinstance(said, dict):
        for key, value in said.items():
            if key in _PICTURES and isinstance(value, str):
                yield value
            else:
                yield from _named(value)
    elif isinstance(said, list):
        for each in said:
            yield from _named(each)


def _as_json(value: Any) -> Any:
    if is_dataclass(value):
        return vars(value)
    for name, kind in (("datetime", datetime), ("date", date), ("time", time)):  # a datetime is a date as well
        if isinstance(value, kind):
            return {name: value.isoformat()}
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"not a value that people can be told: {type(value).__name__}")


def _value(given: Any) -> Any:
    """A value that says itself what it is."""
    if type(given) is not dict:
        return given
    ((name, text),) = given.items()
    return _MADE[name](text)


def _values(given: list[Any]) -> tuple[Any, ...]:
    return tuple([_value(each) if type(each) is dict else each for each in given])


def _as_it_is(given: Any) -> Any:
    return given


@cache
def _maker(hint: Any) -> Callable[[Any], Any]:
    """How a value of this type is made from JSON values."""
    origin, inside = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        return _dataclass_maker(cast("type[Any]", hint))
    if origin is Literal or hint in (str, int, bool, float):
        return _as_it_is
    if origin is frozenset:
        return frozenset
    if origin is tuple:
        return _tuple_maker(inside)
    if origin in (Mapping, dict):
        each = _maker(inside[1])
        return lambda given: {key: each(value) for key, value in given.items()}
    return _value


def _dataclass_maker(kind: type[Any]) -> Callable[[Any], Any]:
    makers = {name: _maker(hint) for name, hint in get_type_hints(kind).items()}
    return lambda given: kind(**{name: makers[name](value) for name, value in given.items()})


def _tuple_maker(inside: tuple[Any, ...]) -> Callable[[Any], Any]:
    if inside[-1] is not Ellipsis:
        makers = [_maker(each) for each in inside]
        return lambda given: tuple(make(value) for make, value in zip(makers, given, strict=True))
    each = _maker(inside[0])
    if each is _value:
        return _values

    def used_up(given: list[Any]) -> tuple[Any, ...]:
        """What has been made is let go at once: twenty thousand rows are not held twice."""
        given.reverse()
        return tuple([each(given.pop()) for _ in range(len(given))])

    return used_up
