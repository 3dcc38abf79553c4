"""Kebu 客簿: the commands, and the story of a round in one line each.

    intake ──► validators ──► processors ──► ledger ──► outbox

Each command is one short function that names the stages in order, and loads what it needs by itself.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from door.commands import door_app, door_beside
from service.answers import console, said, typed
from service.answers.bookkeeping import bookkeeping_app
from service.answers.console import Options, end, opened, say

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.callback(help="Kebu 客簿：用表格维护的客户账本。")(console.set_before)
app.add_typer(door_app, name="door")
app.add_typer(bookkeeping_app)
command = console.commands_of(app)


@command
def init(
    given: Options, roster: Annotated[Path | None, typer.Option("--roster", help="人员名册（人员新增 表）")] = None,
    customers: Annotated[Path | None, typer.Option("--customers", help="建账时已有的客户（期初客户 表）")] = None,
    blank: Annotated[Path | None, typer.Option("--blank", help="只写出空白的名册和期初客户表到这个文件夹")] = None,
) -> None:  # fmt: skip
    """建立文件夹和账本，登记名册和期初客户，发放模板；可以重复运行。"""
    from service.answers.opening import open_customers
    from service.founding import found

    typed.given_one({"--roster": roster, "--customers": customers, "--blank": blank})
    if blank is not None:
        from service.answers.blank import write_blanks

        say(given, *said.of_blanks(write_blanks(console.company_settings(given), blank)))
    if roster is None and customers is None:
        end([])
    with opened(given) as (service, clock):
        made = found(service, roster, clock) if roster else None
        taken = open_customers(service, customers, clock) if customers else None
    say(given, *said.of_setting_up(made, taken))
    end(said.troubles_of_setting_up(made, taken))


@command
def run(given: Options) -> None:
    """收取所有等待的文件，判定、登记、送达，然后结束。"""
    with console.opened_to_read(given) as (service, clock), console.progress_bar(given, "收取") as progress:
        from service.taking import take_everything

        arrival = console.arrival_of(given, clock)
        summary = take_everything(service, clock, arrival=arrival, patience=service.patience(), progress=progress)
        console.tell_outside(service, clock)
    say(given, *said.of_round(summary))
    end(summary.troubles)


@command
def watch(given: Options) -> None:
    """持续收取；到点自动关账和出月报；收到停止信号后干净地结束。"""
    from service.watching import watch as keep_watching

    with opened(given) as (service, began):
        clock = console.running_clock(service, began)
        with door_beside(service.settings, clock):
            keep_watching(service, clock, rehearsal=given.now is not None)
    end([])


@command
def nightly(
    given: Options, day: Annotated[str | None, typer.Option("--date", help="要关账的日期；默认为刚结束的一天")] = None
) -> None:  # fmt: skip
    """关闭一天：合规、提醒、个人工作簿、报表、备份；重复运行不会有变化。"""
    from service.closing import close_day

    with opened(given) as (service, clock):
        ended = typed.day_to_close(day, clock.date())
        closed = close_day(service, ended, clock, arrival=console.arrival_of(given, clock), patience=service.patience())
        console.tell_outside(service, clock)
    say(given, *said.of_closing(closed, nothing="当日没有应交日报的人"))
    end(said.troubles_of_closing(closed))


@command
def monthly(
    given: Options, month: Annotated[str | None, typer.Option("--month", help="例如 2026-11；默认为刚结束的一个月")] = None
) -> None:  # fmt: skip
    """出具月度扣款表；内容有变化时出新版并列明差异。"""
    from service.months import close_month

    with opened(given) as (service, clock):
        first, arrival = typed.month_to_close(month, clock.date()), console.arrival_of(given, clock)
        closed = close_month(service, first.year, first.month, clock, arrival=arrival, patience=service.patience())
    say(given, *said.of_closing(closed, nothing=""))
    end(said.troubles_of_closing(closed))


@command
def check(
    given: Options, paths: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    person: Annotated[str | None, typer.Option("--as", help="以谁的身份判定")] = None,
) -> None:  # fmt: skip
    """判定表格但不收取，打印回执会写的内容。"""
    from service.answers.checking import check_files

    with opened(given) as (service, clock):
        told = check_files(service, paths, person, clock)
    say(given, {"files": told.data}, told.lines)
    end(told.troubles)


@command
def status(given: Options) -> None:
    """谁有什么事在等，从何时起；哪些需要管理员处理；监视是否正常。"""
    from service.answers.telling import status as ask

    with opened(given) as (service, clock):
        found = ask(service, clock)
    say(given, *said.of_status(found))
    end(said.troubles_of_status(found))


@command
def explain(
    given: Options, about: Annotated[str, typer.Argument(metavar="受理号|姓名", help="一行的受理号；或者姓名，后面跟日期")],
    day: Annotated[str | None, typer.Argument(metavar="[日期]", help="例如 2026-11-23：这个人这一天的日报")] = None,
) -> None:  # fmt: skip
    """一行内容的来龙去脉：文件、单元格、判定、审批、账本记录、哈希；或者某人某天日报的来龙去脉。"""
    from service.answers.telling import explain as story_of
    from service.days.person_day import person_day

    with opened(given) as (service, clock):
        lines = person_day(service, about, typed.day_given(day), clock) if day else story_of(service, about)
    say(given, *said.of_story(about, day, typed.known(lines, about, day)))


@command
def policy(given: Options) -> None:
    """制度条款目录：每一条如何执行，由哪些规则判定。"""
    from service.answers.clause_table import clause_lines, clause_table

    settings = console.company_settings(given)
    say(given, {"clauses": clause_table(settings)}, clause_lines(settings))


@command
def demo(given: Options, folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("demo-output")) -> None:
    """一家十几人的公司度过一个月，用到每一种表，用真实的表格和照片。"""
    from demo.company import live

    with console.progress_bar(given, "演示") as progress:
        told = live(folder, progress)
    say(given, {"folder": folder, "events": told.data}, told.lines)
    end(told.troubles)


def main() -> None:
    """Run a command; what only the operator can mend ends with a sentence, not with a trace."""
    console.load_sparingly()
    try:
        app()
    except Exception as error:
        if (code := console.explained(error)) is None:
            raise
        sys.exit(code)


if __name__ == "__main__":
    main()
