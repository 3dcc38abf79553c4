"""One change put into a process in which everything is loaded already: loading it again would take seconds, this takes none.

Functions keep their identity and get other code, so records and tuples that hold them need not be made anew.  For what
stands outside of functions the changed module is run beside the loaded one, and what differs is put in its place:
constants by name, records field by field, defaults of functions.  What cannot be done so is said, never guessed.
"""

from __future__ import annotations

import functools
import gc
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import CodeType, FunctionType, MappingProxyType, ModuleType
from typing import Any

_OPTIMIZED = 1  #: flag of the code of functions; modules and classes have none

Live = Mapping[tuple[str, str, int], list[FunctionType]]


class NotGrafted(Exception):
    """The change stands where a loaded process cannot take it over."""


class DoesNotLoad(Exception):
    """The changed module raises when it is loaded."""


def live_functions(below: Path) -> Live:
    """Every function of the repository that this process holds, by file, name and line."""
    found = defaultdict[tuple[str, str, int], list[FunctionType]](list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(str(below)):
            found[_key(each.__code__)].append(each)
    return found


def caches(below: Iterable[str]) -> list[Any]:
    """The caches of functions in these packages: what they hold was worked out before the change."""
    rooms = tuple(below)
    wrappers = [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]
    return [each for each in wrappers if str(getattr(each, "__module__", "")).split(".")[0] in rooms]


def graft(path: Path, source: str, live: Live) -> None:
    """Let this process go on as if the module at *path* had been loaded with this *source*.

    Raises :class:`DoesNotLoad` and :class:`NotGrafted`.
    """
    old = compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True)
    try:
        new = compile(source, str(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        raise DoesNotLoad(str(error)) from error
    changed = _Changed()
    outside = False
    for before, after, enclosed in _differing(old, new):
        targets = live.get(_key(before), [])
        outside |= not targets and not enclosed
        for function in targets:
            try:
                function.__code__ = after
            except ValueError as error:  # another number of variables from outside
                raise NotGrafted(str(error)) from error
            changed.count += 1
    if outside:
        _graft_module(path, new, changed)
    if not changed.count:
        raise NotGrafted("nothing that is loaded differs")


class _Changed:
    count = 0


def _key(code: CodeType) -> tuple[str, str, int]:
    return (code.co_filename, code.co_qualname, code.co_firstlineno)


def _differing(old: CodeType, new: CodeType, enclosed: bool = False) -> Iterator[tuple[CodeType, CodeType, bool]]:
    """Pairs of code that differ, and whether a function encloses them; modules and classes differ only in themselves."""
    is_function = bool(old.co_flags & _OPTIMIZED)
    inner_old, inner_new = _inner(old), _inner(new)
    below = list[tuple[CodeType, CodeType, bool]]()
    if len(inner_old) == len(inner_new):
        for a, b in zip(inner_old, inner_new, strict=True):
            below += _differing(a, b, enclosed or is_function)
    yield from below
    if not _alike(old, new) or (is_function and below):
        yield old, new, enclosed


def _inner(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _alike(a: CodeType, b: CodeType) -> bool:
    def told(code: CodeType) -> tuple[Any, ...]:
        consts = [(type(each), repr(each)) for each in code.co_consts if not isinstance(each, CodeType)]
        return (
            code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, code.co_argcount,
            code.co_kwonlyargcount, code.co_exceptiontable, consts, len(_inner(code)),
        )  # fmt: skip

    return told(a) == told(b)


def _graft_module(path: Path, code: CodeType, changed: _Changed) -> None:
    loaded = next((each for each in list(sys.modules.values()) if getattr(each, "__file__", None) == str(path)), None)
    if loaded is None:
        raise NotGrafted("the module is not loaded")
    fresh = {name: vars(loaded)[name] for name in ("__name__", "__file__", "__package__", "__spec__", "__builtins__")}
    try:
        exec(code, fresh)
    except Exception as error:
        raise DoesNotLoad(f"{type(error).__name__}: {error}") from error
    for name, new in fresh.items():
        old = vars(loaded).get(name)
        if not name.startswith("__") and not isinstance(new, ModuleType):
            put = _grafted(old, new, changed)
            if put is not old:
                _rebind(name, old, put)


def _rebind(name: str, old: Any, new: Any) -> None:
    """Wherever the constant was imported under its name."""
    for module in list(sys.modules.values()):
        space = getattr(module, "__dict__", {})
        if space.get(name, new) is old:
            space[name] = new


def _grafted(old: Any, new: Any, changed: _Changed) -> Any:
    """*old*, changed within to what *new* is, or what stands in its place."""
    if old is new:
        return old
    if isinstance(old, (type, FunctionType)) and not _same_name(old, new):
        changed.count += 1  # another function or class, or none
        return new
    if isinstance(new, functools._lru_cache_wrapper) and _same_name(old, new):
        _grafted_defaults(old.__wrapped__, new.__wrapped__, changed)
        return old
    if isinstance(new, type):
        return _grafted_class(old, new, changed)
    if isinstance(new, FunctionType):
        return _grafted_defaults(old, new, changed)
    if is_dataclass(new) and type(old).__qualname__ == type(new).__qualname__:
        return _grafted_record(old, new, changed)
    if isinstance(new, (tuple, list)) and type(old) is type(new) and len(old) == len(new):
        items = [_grafted(a, b, changed) for a, b in zip(old, new, strict=True)]
        same = all(a is b for a, b in zip(old, items, strict=True))
        return old if same else (type(old)(items) if type(old) in (tuple, list) else type(old)(*items))
    if (
        isinstance(new, (dict, MappingProxyType))
        and type(old) is type(new)
        and list(map(repr, old)) == list(map(repr, new))
    ):
        pairs = {a: _grafted(old[a], new[b], changed) for a, b in zip(old, new, strict=True)}
        return old if all(pairs[key] is old[key] for key in old) else type(old)(pairs)
    return _replaced(old, new, changed)


def _same_name(old: Any, new: Any) -> bool:
    def told(each: Any) -> tuple[Any, ...]:
        return (type(each), getattr(each, "__module__", ""), getattr(each, "__qualname__", ""))

    return told(old) == told(new)


def _replaced(old: Any, new: Any, changed: _Changed) -> Any:
    told_old, told_new = _told(old), _told(new)
    if told_old == told_new:
        return old
    if " at 0x" in told_new:  # holds functions or objects of its own: they would belong to nobody
        raise NotGrafted(f"a {type(new).__name__} differs")
    changed.count += 1
    return new


def _told(value: Any) -> str:
    return repr(sorted(map(repr, value))) if isinstance(value, (set, frozenset)) else repr(value)


def _grafted_record(old: Any, new: Any, changed: _Changed) -> Any:
    for field in fields(new):
        before, after = getattr(old, field.name), getattr(new, field.name)
        put = _grafted(before, after, changed)
        if put is not before:
            object.__setattr__(old, field.name, put)
    return old


def _grafted_defaults(old: Any, new: Any, changed: _Changed) -> Any:
    if isinstance(old, FunctionType):
        for name in ("__defaults__", "__kwdefaults__"):
            before, after = getattr(old, name), getattr(new, name)
            if before is not None and after is not None and _told(before) != _told(after):
                setattr(old, name, _grafted(before, after, changed))
    return old


def _grafted_class(old: Any, new: type, changed: _Changed) -> Any:
    if issubclass(new, Enum) or hasattr(new, "__pydantic_fields__"):
        return old  # made once, by more than their attributes
    for name, after in list(vars(new).items()):
        before = vars(old).get(name)
        if isinstance(after, FunctionType):
            _grafted_defaults(before, after, changed)
        elif not name.startswith("__") and isinstance(after, (str, int, float, tuple, frozenset, type(None))):
            put = _grafted(before, after, changed)
            if put is not before:
                setattr(old, name, put)
    return old
