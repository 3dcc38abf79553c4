"""How a command speaks with whoever typed it: options before or after it, a bar on long work, lines or JSON, exit codes."""

from __future__ import annotations

import atexit
import gc
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints
from zoneinfo import ZoneInfo

import typer

from service.answers.typed import clock_given

if TYPE_CHECKING:
    from policy.settings import Settings
    from service.company import Service

DONE, OPERATOR, USAGE = 0, 1, 2

Config = Annotated[Path | None, typer.Option("--config", help="配置文件")]
Now = Annotated[str | None, typer.Option("--now", help="本次使用的时钟，例如 2026-11-23T20:05:00")]
Json = Annotated[bool, typer.Option("--json", help="输出给程序读的 JSON")]
Quiet = Annotated[bool, typer.Option("--quiet", help="只输出必要的内容")]
Version = Annotated[
    bool, typer.Option("--version", help="显示版本", is_eager=True, callback=lambda asked: print_version(asked))
]


@dataclass
class Options:
    """What every command accepts."""

    config: Path = Path("config.toml")
    now: datetime | None = None  #: local time of the company, without a zone
    json: bool = False
    quiet: bool = False


_before = Options()


def set_before(
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False, _version: Version = False
) -> None:  # fmt: skip
    """Remember what stands before the command, and set up the log on standard error."""
    _before.config, _before.json, _before.quiet = config or Path("config.toml"), json, quiet
    _before.now = clock_given(now) if now else None
    logging.basicConfig(
        level=logging.WARNING if quiet else logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr
    )
    for noisy in ("watchdog", "PIL", "exifread", "fontTools", "filelock"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


Act = TypeVar("Act", bound=Callable[..., None])


def commands_of(app: typer.Typer) -> Callable[[Act], Act]:
    """A decorator that makes a function a command: it is given :class:`Options`, written before the command or behind it."""

    def command(act: Act) -> Act:
        app.command()(with_options(act))
        return act

    return command


def with_options(act: Callable[..., None]) -> Callable[..., None]:
    """*act* with the options of every command behind its own, which it is given as ``given``."""
    everywhere = [each for each in _parameters(set_before) if not each.name.startswith("_")]
    own = [each for each in _parameters(act) if each.name != "given"]

    @wraps(act)
    def command(**values: Any) -> None:
        shared = {each.name: values.pop(each.name) for each in everywhere}
        act(given=_options(**shared), **values)

    command.__signature__ = Signature([*own, *everywhere])  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in (*own, *everywhere)}
    del command.__dict__["__wrapped__"]  # whoever asks for the signature shall find this one
    return command


def _parameters(function: Callable[..., None]) -> list[Parameter]:
    hints = get_type_hints(function, include_extras=True)
    return [
        each.replace(annotation=hints[each.name], kind=Parameter.KEYWORD_ONLY)
        for each in signature(function).parameters.values()
    ]


def remember(given: Options) -> None:
    """Let what stands before a command within a command hold for that as well."""
    set_before(given.config, given.now.isoformat() if given.now else None, given.json, given.quiet)


def _options(config: Path | None, now: str | None, json: bool, quiet: bool) -> Options:
    """The options of this call: those after the command win over those before it."""
    moment = clock_given(now) if now else _before.now
    return Options(config or _before.config, moment, json or _before.json, quiet or _before.quiet)


def company_settings(given: Options) -> Settings:
    """The config, with its rule ids looked at as well.

    :raises ConfigError: a key, value or rule id is wrong; it says where and what is allowed
    """
    from policy.settings import check_rule_ids, load_settings, rules_named
    from service.upkeep.logs import log_as

    settings = load_settings(given.config)
    log_as(settings.logs)
    if rules_named(settings):  # all rules are loaded only to look at the names of some
        from service.company import known_rules

        check_rule_ids(settings, known_rules())
    return settings


@contextmanager
def opened(given: Options) -> Iterator[tuple[Service, datetime]]:
    """The company's service and the clock of this call; a restoring that was cut short is seen through first."""
    from ledger.restorings import unfinished

    with opened_as_left(given) as (service, now):
        if unfinished(service.book):
            _see_through(service, now)
        yield service, now


def _see_through(service: Service, now: datetime) -> None:
    """Bring a restoring to its end.  A book that is not the one that it was is told of by whoever looks, and not touched."""
    from ledger.anchor import OlderBook
    from service.retaking import bring_back

    with suppress(OlderBook):
        done = bring_back(service, now)
        for line in ("上一次 restore 没有做完就中断了，现已做完", *done.lines, *done.open):
            complain(line)


@contextmanager
def opened_as_left(given: Options) -> Iterator[tuple[Service, datetime]]:
    """The same, whatever was cut short before."""
    from service.company import clock, open_service

    with open_service(company_settings(given)) as service:
        yield service, clock(service, given.now)


@contextmanager
def opened_to_read(given: Options) -> Iterator[tuple[Service, datetime]]:
    """The same for a command that takes files: a reader starts while the command loads its own part."""
    from intake.reading import workbook_at

    with opened(given) as (service, now):
        service.readers.expect(workbook_at)
        yield service, now


def tell_outside(service: Service, now: datetime) -> None:
    """Send what is to be told outside the folders; a company without addresses loads nothing for it."""
    if service.settings.messages.addresses:
        from service.answers.messages import send_messages

        send_messages(service, now)


def clock_of(given: Options, settings: Settings) -> datetime:
    """The clock of a call for which the book is not opened."""
    zone = ZoneInfo(settings.company.zone)
    return given.now.replace(tzinfo=zone) if given.now else datetime.now(zone)


def running_clock(service: Service, began: datetime) -> Callable[[], datetime]:
    """The clock of a command that goes on: it starts at *began*."""
    started = datetime.now(service.zone)
    return lambda: began + (datetime.now(service.zone) - started)


def arrival_of(given: Options, now: datetime) -> datetime | None:
    """What stands in for the files' arrival: the given clock; None: what the file system saw."""
    return now if given.now else None


@contextmanager
def progress_bar(given: Options, words: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on long work, when somebody is watching."""
    if given.quiet or given.json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def print_version(asked: bool) -> None:
    """Tell which version this is, and end."""
    if asked:
        import tomllib

        project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        print(f"Kebu 客簿 {project['version']}")
        raise typer.Exit(DONE)


def say(given: Options, data: Mapping[str, Any], lines: Iterable[str]) -> None:
    """Tell the result: lines for people, JSON for machines."""
    if given.json:
        print(json.dumps(data, ensure_ascii=False, default=str))
    elif not given.quiet:
        for line in lines:
            print(line)


def complain(words: str) -> None:
    """A sentence on standard error."""
    print(words, file=sys.stderr)


def end(troubles: list[str]) -> None:
    """End the command: 0, or 1 after saying what needs the operator."""
    for trouble in troubles:
        complain(f"需要处理：{trouble}")
    raise typer.Exit(OPERATOR if troubles else DONE)


def explained(error: Exception) -> int | None:
    """The exit code of what only the operator can mend, after saying what it is; None for a fault of our own."""
    from filelock import Timeout

    from ledger.connection import LedgerError
    from policy.settings import ConfigError

    if isinstance(error, ConfigError):
        complain(f"配置错误：{error}")
        return USAGE
    if isinstance(error, Timeout):
        complain(f"需要处理：另一个 Kebu 进程正在写账本（{error.lock_file}）")
        return OPERATOR
    if isinstance(error, OSError | LedgerError):
        complain(f"需要处理：{type(error).__name__}: {error}")
        return OPERATOR
    return None


def load_sparingly() -> None:
    """Before anything is loaded: what costs time at the start or at the end and serves nobody here."""
    gc.set_threshold(50_000)  # what a command loads is no garbage: looking through it again and again costs a tenth
    atexit.register(gc.freeze)  # nor is what is left when it ends: a large sheet was looked through for 0.06 s more
    _without_plugins()


def _without_plugins() -> None:
    """pydantic looks for plugins in every package's files, and loads a mail parser for it: there are none to be found.

    A version of pydantic that looks in another place looks as ever, and minds the variable.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    found_none = ModuleType("pydantic.plugin._loader")
    found_none.get_plugins = lambda: ()  # type: ignore[attr-defined]
    sys.modules.setdefault(found_none.__name__, found_none)
