"""How a command speaks with whoever typed it: options before or after it, a bar on long work, lines or JSON, exit codes."""

from __future__ import annotations

import json
import logging
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from policy.settings import Settings, check_rule_ids, load_settings
from service.company import Service, clock, known_rules, open_service

DONE, OPERATOR = 0, 1

Config = Annotated[Path | None, typer.Option("--config", help="配置文件")]
Now = Annotated[str | None, typer.Option("--now", help="本次使用的时钟，例如 2026-11-23T20:05:00")]
Json = Annotated[bool, typer.Option("--json", help="输出给程序读的 JSON")]
Quiet = Annotated[bool, typer.Option("--quiet", help="只输出必要的内容")]


@dataclass
class Options:
    """What every command accepts."""

    config: Path = Path("config.toml")
    now: datetime | None = None  #: local time of the company, without a zone
    json: bool = False
    quiet: bool = False


_before = Options()


def set_before(config: Path | None, now: str | None, *, json: bool, quiet: bool) -> None:
    """Remember what stands before the command, and set up the log on standard error."""
    _before.config, _before.json, _before.quiet = config or Path("config.toml"), json, quiet
    _before.now = _clock(now) if now else None
    logging.basicConfig(
        level=logging.WARNING if quiet else logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr
    )
    for noisy in ("watchdog", "PIL", "exifread", "fontTools", "filelock"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def options(config: Path | None, now: str | None, json: bool, quiet: bool) -> Options:
    """The options of this call: those after the command win over those before it."""
    moment = _clock(now) if now else _before.now
    return Options(config or _before.config, moment, json or _before.json, quiet or _before.quiet)


def _clock(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是时间，请写成 2026-11-23T20:05:00", param_hint="--now") from None


def company_settings(given: Options) -> Settings:
    """The config, with its rule ids looked at as well.

    :raises ConfigError: a key, value or rule id is wrong; it says where and what is allowed
    """
    settings = load_settings(given.config)
    check_rule_ids(settings, known_rules())
    return settings


@contextmanager
def opened(given: Options) -> Iterator[tuple[Service, datetime]]:
    """The company's service and the clock of this call."""
    with open_service(company_settings(given)) as service:
        yield service, clock(service, given.now)


def running_clock(service: Service, began: datetime) -> Callable[[], datetime]:
    """The clock of a command that goes on: it starts at *began*."""
    started = datetime.now(service.zone)
    return lambda: began + (datetime.now(service.zone) - started)


def arrival_of(given: Options, now: datetime) -> datetime | None:
    """What stands in for the files' arrival: the given clock; None: what the file system saw."""
    return now if given.now else None


def _err() -> Console:
    return Console(stderr=True, soft_wrap=True, highlight=False)


@contextmanager
def progress_bar(given: Options, words: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on long work, when somebody is watching."""
    err = _err()
    if given.quiet or given.json or not err.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def print_version(asked: bool) -> None:
    """Tell which version this is, and end."""
    if asked:
        project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        print(f"Kebu 客簿 {project['version']}")
        raise typer.Exit(DONE)


def say(given: Options, data: dict[str, Any], lines: list[str]) -> None:
    """Tell the result: lines for people, JSON for machines."""
    if given.json:
        print(json.dumps(data, ensure_ascii=False, default=str))
    elif not given.quiet:
        out = Console(soft_wrap=True, highlight=False)
        for line in lines:
            out.print(line, markup=False)


def complain(words: str) -> None:
    """A sentence on standard error."""
    _err().print(words, markup=False)


def end(troubles: list[str]) -> None:
    """End the command: 0, or 1 after saying what needs the operator."""
    for trouble in troubles:
        complain(f"需要处理：{trouble}")
    raise typer.Exit(OPERATOR if troubles else DONE)
