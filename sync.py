"""Kebu 客簿: the commands, and the story of a round in one line each.

    intake ──► validators ──► processors ──► ledger ──► outbox

``python sync.py --help`` lists the commands; each stands below as one short
function that names the stages in order.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from filelock import Timeout

from door.commands import door_app
from ledger.book import LedgerError
from policy.settings import ConfigError
from service.console import (
    Config,
    Json,
    Now,
    Quiet,
    arrival_of,
    company_settings,
    complain,
    end,
    opened,
    options,
    print_version,
    progress_bar,
    running_clock,
    say,
    set_before,
)

OPERATOR, USAGE = 1, 2

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="Kebu 客簿：用表格维护的客户账本。"
)


app.add_typer(door_app, name="door")


@app.callback()
def before(
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
    _version: Annotated[bool, typer.Option("--version", help="显示版本", callback=print_version, is_eager=True)] = False,
) -> None:  # fmt: skip
    """Kebu 客簿：用表格维护的客户账本。"""
    set_before(config, now, json=json, quiet=quiet)


def _summary_lines(summary: Any) -> list[str]:
    rows = "，".join(f"{word} {n} 行" for word, n in summary.outcomes.items()) or "没有新的行"
    return [
        f"收取文件 {summary.files} 个（照片 {summary.photos}，拒收 {summary.refused}）：{rows}",
        f"审批决定 {summary.decisions} 个，发出审批单 {summary.sheets_issued} 份，送达文件 {summary.delivered} 个"
        + (f"；还在写入的文件 {summary.settling} 个" if summary.settling else ""),
    ]


@app.command()
def init(
    roster: Annotated[Path, typer.Option("--roster", help="人员名册（人员新增 表）")],
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """建立文件夹和账本，登记名册，发放模板；可以重复运行。"""
    from service.founding import found

    given = options(config, now, json, quiet)
    if not roster.is_file():
        raise typer.BadParameter(f"找不到文件 {roster}", param_hint="--roster")
    with opened(given) as (service, clock):
        made = found(service, roster, clock)
    returned = [f"名册中有行被退回，原因见 {made.receipt}"] if made.receipt else []
    say(
        given,
        {"people": made.people, "outcomes": made.outcomes, "receipt": made.receipt},
        [f"在册人员 {made.people} 人"],
    )
    end(([made.trouble] if made.trouble else []) + returned)


@app.command()
def run(config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False) -> None:
    """收取所有等待的文件，判定、登记、送达，然后结束。"""
    from service.taking import take_everything

    given = options(config, now, json, quiet)
    with opened(given) as (service, clock), progress_bar(given, "收取") as progress:
        arrival = arrival_of(given, clock)
        summary = take_everything(service, clock, arrival=arrival, patience=_patience(service), progress=progress)
    say(given, asdict(summary), _summary_lines(summary))
    end(summary.troubles)


def _patience(service: Any) -> float:
    """How long a single run waits: until a quiet file has settled, and an unfinished one has been given up."""
    intake = service.settings.intake
    return float(intake.settle_seconds + intake.incomplete_seconds + 5) if intake.settle_seconds else 5.0


@app.command()
def watch(config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False) -> None:
    """持续收取；到点自动关账和出月报；收到停止信号后干净地结束。"""
    from service.watching import watch as keep_watching

    given = options(config, now, json, quiet)
    with opened(given) as (service, began):
        clock = running_clock(service, began)
        with _door_beside(service.settings, clock):
            keep_watching(service, clock, rehearsal=given.now is not None)
    end([])


def _door_beside(settings: Any, clock: Callable[[], datetime]) -> AbstractContextManager[None]:
    """The phone door beside ``watch``, where the company has one."""
    if not settings.door.enabled:
        return nullcontext()
    from door.serve import Shut, beside, place

    try:
        return beside(settings, place(settings.door), clock)
    except Shut as why:
        complain(f"配置错误：{why}")
        sys.exit(USAGE)


@app.command()
def nightly(
    day: Annotated[str | None, typer.Option("--date", help="要关账的日期；默认为刚结束的一天")] = None,
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """关闭一天：合规、提醒、个人工作簿、报表、备份；重复运行不会有变化。"""
    from service.closing import close_day

    given = options(config, now, json, quiet)
    with opened(given) as (service, clock):
        closing = _day(day) if day else clock.date() - timedelta(days=1)
        if closing >= clock.date():
            raise typer.BadParameter(f"{closing} 还没有结束", param_hint="--date")
        closed = close_day(service, closing, clock, arrival=arrival_of(given, clock), patience=_patience(service))
    words = "，".join(f"{word} {n}" for word, n in closed.counts.items()) or "当日没有应交日报的人"
    say(given, _closed(closed), [f"{closed.period}：{words}" + _version(closed), *closed.files])
    end([*_unread(closed), *closed.for_operator])


def _unread(closed: Any) -> list[str]:
    return [f"{closed.period} 没有人收：{post}没有人担任" for post in closed.kept_for]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是日期，请写成 2026-11-23", param_hint="--date") from None


def _version(closed: Any) -> str:
    if closed.kept_for:
        return f"（{'、'.join(closed.kept_for)}没有人担任，还没有送达，已留存；有人任职后自动送达）"
    return f"（第 {closed.version} 版）" if closed.version else "（没有变化）"


def _closed(closed: Any) -> dict[str, Any]:
    return {
        "period": closed.period, "version": closed.version, "counts": closed.counts, "files": closed.files,
        "for_operator": closed.for_operator, "kept_for": closed.kept_for,
    }  # fmt: skip


@app.command()
def monthly(
    month: Annotated[str | None, typer.Option("--month", help="例如 2026-11；默认为刚结束的一个月")] = None,
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """出具月度扣款表；内容有变化时出新版并列明差异。"""
    from service.months import close_month

    given = options(config, now, json, quiet)
    with opened(given) as (service, clock):
        first = _month(month) if month else (clock.date().replace(day=1) - timedelta(days=1))
        if first.replace(day=1) > clock.date():
            raise typer.BadParameter(f"{first:%Y-%m} 还没有开始", param_hint="--month")
        closed = close_month(
            service, first.year, first.month, clock, arrival=arrival_of(given, clock), patience=_patience(service)
        )
    words = "，".join(f"{word} {n}" for word, n in closed.counts.items())
    say(given, _closed(closed), [f"{closed.period}：{words}" + _version(closed), *closed.files])
    end([*_unread(closed), *closed.for_operator])


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是月份，请写成 2026-11", param_hint="--month") from None


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    person: Annotated[str | None, typer.Option("--as", help="以谁的身份判定")] = None,
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """判定表格但不收取，打印回执会写的内容。"""
    from service.checking import check_files

    given = options(config, now, json, quiet)
    with opened(given) as (service, clock):
        told = check_files(service, paths, person, clock)
    say(given, {"files": told.data}, told.lines)
    end(told.troubles)


@app.command()
def status(config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False) -> None:
    """谁有什么事在等，从何时起；哪些需要管理员处理；监视是否正常。"""
    from service.telling import status as ask

    given = options(config, now, json, quiet)
    with opened(given) as (service, clock):
        said = ask(service, clock)
    say(given, said, _status_lines(said))
    end([f"{group}：{words}" for group, found in said["groups"].items() for words in found])


def _status_lines(said: dict[str, Any]) -> list[str]:
    """What waits, by whom it waits for; the watcher last."""
    decided, unissued, photos = (said[key] for key in ("waiting_for_decision", "not_yet_issued", "waiting_for_photos"))
    parts = [
        (
            "等待审批",
            [f"{row['approver']}  {row['form']}  {row['receipt_no']}  自 {row['since'][:16]}" for row in decided],
        ),
        ("等待发出审批单", [f"{row['form']}  {row['receipt_no']}  {row['person']}" for row in unissued]),
        ("等待补照片", [f"{row['person']}  {row['receipt_no']}" for row in photos]),
    ]
    lines = [
        line
        for title, rows in parts
        if rows
        for line in (f"{title}（{len(rows)}）", *(f"  {title}：{row}" for row in rows))
    ]
    return [*lines, said["watcher"]["words"]]


@app.command()
def explain(
    about: Annotated[str, typer.Argument(metavar="受理号|姓名", help="一行的受理号；或者姓名，后面跟日期")],
    day: Annotated[str | None, typer.Argument(metavar="[日期]", help="例如 2026-11-23：这个人这一天的日报")] = None,
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """一行内容的来龙去脉：文件、单元格、判定、审批、账本记录、哈希；或者某人某天日报的来龙去脉。"""
    from service.person_day import person_day
    from service.telling import explain as story_of

    given = options(config, now, json, quiet)
    with opened(given) as (service, clock):
        lines = person_day(service, about, _day(day), clock) if day else story_of(service, about)
    if lines is None:
        hint = "名册中没有这个人" if day else "没有这个受理号；看某人某天的日报，请写 explain 姓名 2026-11-23"
        raise typer.BadParameter(f"{about}：{hint}", param_hint="姓名" if day else "受理号")
    said = {"person": about, "date": day} if day else {"receipt_no": about}
    say(given, {**said, "story": lines}, lines)


@app.command()
def policy(config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False) -> None:
    """制度条款目录：每一条如何执行，由哪些规则判定。"""
    from service.catalogue import clause_lines, clause_table

    given = options(config, now, json, quiet)
    settings = company_settings(given)
    say(given, {"clauses": clause_table(settings)}, clause_lines(settings))


@app.command()
def verify(
    printed: Annotated[
        str | None, typer.Option("--printed", metavar="N:校验值", help="日报扣款表上印的“账本 N:校验值”，核对是否出自这本账本")
    ] = None,
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """证明账本完好：哈希链、账本外的校验记录、重放、存档、每个文件都有交代。"""
    from service.keeping import differences, misprinted

    given = options(config, now, json, quiet)
    with opened(given) as (service, _now):
        found = [*misprinted(service, printed), *differences(service)]
        entries = service.book.length()
    say(
        given,
        {"entries": entries, "differences": found},
        [f"账本共 {entries} 条记录" + ("，全部核对一致" if not found else "")],
    )
    end(found)


@app.command()
def rotate(config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False) -> None:
    """换发密钥：审批单的签名和账本的校验从此用新密钥；还没审完的审批单仍然有效。"""
    from service.guarding import rotate as renew

    given = options(config, now, json, quiet)
    with opened(given) as (service, clock):
        dropped = renew(service, clock)
    say(given, {"dropped": dropped}, [f"已换用新密钥；作废旧密钥 {dropped} 个。请另存一份 book/keys 文件夹"])


@app.command()
def backup(config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False) -> None:
    """在工作进行的同时，复制一份完整一致的账本。"""
    from service.keeping import back_up

    given = options(config, now, json, quiet)
    with opened(given) as (service, clock):
        path = back_up(service, f"{clock:%Y%m%d-%H%M%S}")
    say(given, {"backup": path}, [f"已备份到 {path}"])


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="backups 里的一份备份")],
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """用备份恢复账本：先核对备份，再换上，补收备份之后的原件；现在的账本改名保留在旁边。"""
    from service.keeping import restore as put_back
    from service.retaking import retake

    given = options(config, now, json, quiet)
    if not path.is_file():
        raise typer.BadParameter(f"找不到文件 {path}", param_hint="FILE")
    settings = company_settings(given)
    zone = ZoneInfo(settings.company.zone)
    done = put_back(settings, path, given.now.replace(tzinfo=zone) if given.now else datetime.now(zone))
    if done.trouble:
        say(given, asdict(done), done.lines)
        end([done.trouble])
    with opened(given) as (service, clock):
        again = retake(service, done.kept, clock)
    say(given, {**asdict(done), **asdict(again)}, [*done.lines, *again.lines])
    end([*done.open, *again.open])


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("demo-output"),
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """一家十几人的公司度过一个月，用到每一种表，用真实的表格和照片。"""
    from demo.company import live

    given = options(config, now, json, quiet)
    with progress_bar(given, "演示") as progress:
        told = live(folder, progress)
    say(given, {"folder": folder, "events": told.data}, told.lines)
    end(told.troubles)


def main() -> None:
    """Run a command; what only the operator can mend ends with a sentence, not with a trace."""
    try:
        app()
    except ConfigError as error:
        complain(f"配置错误：{error}")
        sys.exit(USAGE)
    except Timeout as error:
        complain(f"需要处理：另一个 Kebu 进程正在写账本（{error.lock_file}）")
        sys.exit(OPERATOR)
    except (OSError, LedgerError) as error:
        complain(f"需要处理：{type(error).__name__}: {error}")
        sys.exit(OPERATOR)


if __name__ == "__main__":
    main()
