"""What somebody typed as a command's arguments: days, months, files, people; a wrong one is told with what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from service.company import Service


def clock_given(text: str) -> datetime:
    """The moment that ``--now`` names, in the company's time, without a zone."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是时间，请写成 2026-11-23T20:05:00", param_hint="--now") from None


def day_given(given: str, hint: str = "--date") -> date:
    """The day that somebody has typed."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter(f"“{given}”不是日期，请写成 2026-11-23", param_hint=hint) from None


def day_to_close(given: str | None, today: date) -> date:
    """The day that ``--date`` names, or the last one that ended."""
    day = day_given(given) if given else today - timedelta(days=1)
    if day >= today:
        raise typer.BadParameter(f"{day} 还没有结束", param_hint="--date")
    return day


def month_to_close(given: str | None, today: date) -> date:
    """The first day of the month that ``--month`` names, or of the last one that ended."""
    if given is None:
        return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    try:
        first = date.fromisoformat(f"{given}-01")
    except ValueError:
        raise typer.BadParameter(f"“{given}”不是月份，请写成 2026-11", param_hint="--month") from None
    if first > today:
        raise typer.BadParameter(f"{given} 还没有开始", param_hint="--month")
    return first


def there(path: Path, hint: str) -> Path:
    """*path*, which must be a file."""
    if not path.is_file():
        raise typer.BadParameter(f"找不到文件 {path}", param_hint=hint)
    return path


def backup_there(path: Path | None) -> Path:
    """The backup that was named, or the newest; there must be one."""
    if path is None:
        raise typer.BadParameter("还没有备份，请先运行 backup", param_hint="FILE")
    return there(path, "FILE")


def given_one(options: Mapping[str, Path | None]) -> None:
    """At least one of the *options*; those that are to be read must be files."""
    if not any(options.values()):
        raise typer.BadParameter(f"请至少给出 {'、'.join(options)} 之一", param_hint="init")
    for hint, path in options.items():
        if path is not None and hint != "--blank":
            there(path, hint)


def somebody(service: Service, name: str | None, now: datetime) -> str | None:
    """The person that somebody has typed, by their present name; None: everybody."""
    from ledger.people import called_now

    found = called_now(service.book, name) if name else None
    if found and found not in service.people(now.date()):
        raise typer.BadParameter(f"{name}：名册中没有这个人", param_hint="--person")
    return found


def known(lines: list[str] | None, about: str, day: str | None) -> list[str]:
    """The story that was asked for, which must be there."""
    if lines is None:
        hint = "名册中没有这个人" if day else "没有这个受理号；看某人某天的日报，请写 explain 姓名 2026-11-23"
        raise typer.BadParameter(f"{about}：{hint}", param_hint="姓名" if day else "受理号")
    return lines
