"""A case made real: its cells, the record shaped from them, and the facts that its rule may know."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from intake.place.locate import locate, parse_area
from intake.raw import CellValue, Trouble
from ledger.people import by_bare_name
from ledger.records import Area, Finding, Person, Photo, PhotoFacts, Seal
from policy.form import Form, columns
from policy.settings import Settings
from tests.case_files import Case, defaults
from validators.catalogue import check
from validators.facts import Facts
from validators.namesakes import Register, with_register_names
from validators.places import area_named
from validators.shape import Shaped, shape

ZONE = ZoneInfo("Asia/Shanghai")
ABOUT_THE_ROW = {"row", "form", "column", "value", "trouble"}
ABOUT_THE_WORLD = {"photo", "lacks", "once_called"} | {field.name for field in fields(Facts)}
_HINTS = get_type_hints(Facts)


@dataclass(frozen=True)
class Asked:
    """What ``check`` is handed, and the whole answer."""

    form: type[Form]
    shaped: Shaped
    facts: Facts

    def findings(self) -> list[Finding]:
        """Everything that is found about the row, by its shape and by its rules."""
        return [*self.shaped.findings, *check(self.form, self.shaped.record, self.facts, self.shaped.unusable)]


def asked(case: Case, **besides: Any) -> Asked:
    """The question that *case* puts; *besides* stands over what it gives."""
    given = {**case.given, **besides}
    if unknown := given.keys() - ABOUT_THE_ROW - ABOUT_THE_WORLD:
        raise ValueError(f"{case}: nothing is called {'、'.join(sorted(unknown))}")
    return put(case.form, given)


def put(form: type[Form], given: Mapping[str, Any]) -> Asked:
    """The question about the form's good row, changed as *given* says."""
    usual = defaults()["forms"].get(form.code, {})
    given = {**defaults_of_the_world(), **{key: usual[key] for key in usual if key != "row"}, **given}
    settings = Settings.model_validate({"folders": {}, **given.get("settings", {})}, context={"base": Path()})
    shaped = _shaped(form, {**usual.get("row", {}), **given.get("row", {})}, given, settings)
    people, before = _people(given.get("people", {})), given.get("once_called", {})
    register = Register(
        people, by_bare_name(people), _aware(given["now"]).date(), settings.people.old_name_days,
        lambda name: tuple(before.get(name, ())),
    )  # fmt: skip
    shaped = with_register_names(form, shaped, register)
    return Asked(form, shaped, _facts(form, shaped, given, settings))


def defaults_of_the_world() -> dict[str, Any]:
    """When it is, and who has dropped the row."""
    return {key: defaults()[key] for key in ("now", "submitter")}


def _shaped(form: type[Form], row: dict[str, Any], given: Mapping[str, Any], settings: Settings) -> Shaped:
    """The row as its form reads it; a case of a shape rule puts one value into one column."""
    if "column" in given:
        row[given["column"]] = given.get("value")
    by_header = {column.header: column.field for column in columns(form)}
    if unknown := row.keys() - by_header.keys():
        raise ValueError(f"{form.sheet} has no column {'、'.join(unknown)}")
    cells: dict[str, CellValue] = {by_header[header]: cell for header, cell in row.items()}
    trouble = given.get("trouble")
    troubles = {by_header[given["column"]]: Trouble(2, 1, **trouble)} if trouble else {}
    return shape(form, cells, settings.lists.model_dump(), troubles, frozenset(), _aware(given["now"]).date())


def _facts(form: type[Form], shaped: Shaped, given: Mapping[str, Any], settings: Settings) -> Facts:
    now = _aware(given["now"])
    people = _people(given.get("people", {}))
    written = getattr(shaped.record, "area", None)
    rest = {
        name: made(_HINTS[name], given[name])
        for name in _HINTS.keys() & given.keys() - {"now", "settings", "people", "submitter", "photos"}
        if name not in given.get("lacks", ())
    }
    return Facts(**{
        "now": now,
        "settings": settings,
        "people": people,
        "submitter": people[given["submitter"]],
        "photos": _photos(form, shaped.record, given, now),
        "area": area_named(written, settings) if written else None,  # as the service gathers it
        **rest,
    })  # fmt: skip


def _people(changed: Mapping[str, Any]) -> Mapping[str, Person]:
    everybody = {**defaults()["people"], **changed}
    return {
        name: made(Person, {"name": name, **defaults()["people"].get(name, {}), **table})
        for name, table in everybody.items()
    }


def made(kind: Any, value: Any) -> Any:
    """*value*, as TOML has it, as an instance of *kind*; records are completed from the defaults."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return made(next(each for each in inner if each is not type(None)), value)
    if origin is tuple:
        return tuple(made(inner[0], each) for each in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: made(inner[1], each) for key, each in value.items()}
    if kind is Area and isinstance(value, str):
        return parse_area(value)
    if is_dataclass(kind):
        return value if isinstance(value, kind) else _record(kind, value)  # type: ignore[arg-type]
    return _aware(value) if isinstance(value, datetime) else value


def _record(kind: Any, table: Mapping[str, Any]) -> Any:
    table = {**defaults()["records"].get(kind.__name__, {}), **table}
    hints, lacks = get_type_hints(kind), table.pop("lacks", ())
    if unknown := table.keys() - hints.keys():
        raise ValueError(f"{kind.__name__} has no {'、'.join(sorted(unknown))}")
    values = {name: made(hints[name], value) for name, value in table.items() if name not in lacks}
    optional = {field.name: None for field in fields(kind) if type(None) in get_args(hints[field.name])}
    kept = {field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING}
    return kind(**{name: value for name, value in optional.items() if name in kept} | values)


def _photos(form: type[Form], record: Any, given: Mapping[str, Any], now: datetime) -> Mapping[str, tuple[Photo, ...]]:
    """A good picture for every name in the row; ``photo`` changes the first, ``photos`` gives all of a column."""
    found: dict[str, tuple[Photo, ...]] = {}
    changes = [given["photo"]] if "photo" in given else []
    for column in columns(form):
        if column.kind == "photos":
            names = getattr(record, column.field) or ()
            usual = [{"name": name, **(changes.pop() if changes else {})} for name in names]
            tables = given.get("photos", {}).get(column.header, usual)
            found[column.field] = tuple(_photo({"name": column.example, **table}, now) for table in tables)
    return found


def _photo(table: dict[str, Any], now: datetime) -> Photo:
    table = {
        "taken_at": now - timedelta(hours=1),
        "gps_at": now - timedelta(hours=1),
        **defaults()["pictures"][table.pop("like", "camera")],
        **table,
    }
    own = {
        name: table.pop(name) for name in ("name", "person", "arrived_at", "uses", "sealed", "words") if name in table
    }
    lacks = set(table.pop("lacks", ()))
    facts = {
        **_nothing_known(),
        **{name: made(Seal if name == "seal" else Any, value) for name, value in table.items() if name not in lacks},
    }
    near = locate(facts["lat"], facts["lon"]) if facts["lat"] is not None else ()
    read = PhotoFacts(**{"near": near, "place": near[0] if near else None, **facts})
    return made(Photo, {"person": "张三", "arrived_at": now, **own, "facts": read})  # type: ignore[no-any-return]


def _nothing_known() -> dict[str, Any]:
    hints = get_type_hints(PhotoFacts)
    unknown = {name: None for name, hint in hints.items() if type(None) in get_args(hint) and name != "place"}
    return {
        **unknown, "sha256": "cafe", "format": "", "width": 0, "height": 0, "offset_known": True, "turned": (),
        "has_exif": False, "screen_sized": False, "trouble": "",
    }  # fmt: skip


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=ZONE)
