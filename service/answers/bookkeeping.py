"""The commands by which IT looks after the book: proved, copied, put back; keys, the file server, what was lost in 取件."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.answers import console, said, typed
from service.answers.console import Options, end, opened, say

bookkeeping_app = typer.Typer()
command = console.commands_of(bookkeeping_app)


@command
def verify(
    given: Options,
    printed: Annotated[
        str | None, typer.Option("--printed", metavar="N:校验值", help="日报扣款表上印的“账本 N:校验值”，核对是否出自这本账本")
    ] = None,
    again: Annotated[bool, typer.Option("--all", help="从头核对，每个原件重新读一遍；不加则从上次核对无误处接着核对")] = False,
) -> None:  # fmt: skip
    """证明账本完好：哈希链、账本外的校验记录、重放、存档、每个文件都有交代。"""
    from service.upkeep.keeping import misprinted, prove

    with opened(given) as (service, clock):
        proof = prove(service, clock, again=again)
        found = [*misprinted(service, printed), *proof.differences]
        say(given, *said.of_verifying(service.book.length(), found, proof))
    end([*found, *([proof.unknown] if proof.unknown else [])])


@command
def reissue(
    given: Options, person: Annotated[str | None, typer.Option("--person", help="只补发这个人的")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="日期", help="只补发这一天起送达的")] = None,
) -> None:  # fmt: skip
    """补发取件里丢失的文件，内容与原来一样；还没审完的审批单不用补，会自动重发。"""
    from service.reissuing import reissue as put_back

    first = typed.day_given(since, "--since") if since else None
    with opened(given) as (service, clock):
        done = put_back(service, clock, typed.somebody(service, person, clock), first)
    say(given, *said.of_reissuing(done))
    end(said.troubles_of_reissuing(done))


@command
def rotate(given: Options) -> None:
    """换发密钥：审批单的签名和账本的校验从此用新密钥；还没审完的审批单仍然有效。"""
    from service.upkeep.guarding import rotate as renew

    with opened(given) as (service, clock):
        dropped = renew(service, clock)
    say(given, {"dropped": dropped}, [f"已换用新密钥；作废旧密钥 {dropped} 个。请另存一份 book/keys 文件夹"])


@command
def backup(given: Options) -> None:
    """在工作进行的同时，复制一份完整一致的账本。"""
    from service.upkeep.backups import back_up

    with opened(given) as (service, clock):
        path = back_up(service, f"{clock:%Y%m%d-%H%M%S}")
    say(given, {"backup": path}, [f"已备份到 {path}"])


@command
def drill(
    given: Options, path: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="一份备份；默认是最新的一份")] = None
) -> None:  # fmt: skip
    """恢复演练：把备份恢复在账本旁边，核对、比较，再拿走；现在的账本不动，服务不用停。"""
    from service.upkeep.backups import drill as rehearse
    from service.upkeep.backups import newest

    with opened(given) as (service, clock):
        chosen = path or newest(service)
        done = rehearse(service, typed.backup_there(chosen), console.running_clock(service, clock))
    say(given, *said.of_drill(done))
    end(list(done.troubles))


@command
def restore(
    given: Options, path: Annotated[Path, typer.Argument(metavar="FILE", help="backups 里的一份备份")]
) -> None:  # fmt: skip
    """用备份恢复账本：先核对备份，再换上，补收备份之后的原件；现在的账本改名保留在旁边。"""
    from service.retaking import bring_back
    from service.upkeep.restoring import restore as put_back

    typed.there(path, "FILE")
    settings = console.company_settings(given)
    done = put_back(settings, path, console.clock_of(given, settings))
    if done.trouble:
        say(given, *said.of_restoring(done))
        end([done.trouble])
    with console.opened_as_left(given) as (service, clock):
        again = bring_back(service, clock)
    say(given, *said.of_restoring(done, again))
    end([*done.open, *again.open])


@command
def readers(
    given: Options, to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="写到哪里；默认是 [readers] copy_to")] = None,
) -> None:  # fmt: skip
    """写出供查询的副本：只有视图，电话遮住中间几位；给 Datasette、pandas 用，不用停服务。"""
    from service.upkeep.readers import copy_for_readers

    with opened(given) as (service, clock):
        target = to or service.settings.readers.copy_to
        if target is None:
            raise typer.BadParameter("请写 --to 文件，或在 config.toml 里写 [readers] copy_to", param_hint="--to")
        rows = copy_for_readers(service, target, clock)
    say(given, {"copy": target, "rows": rows}, [f"已写出 {target}，共 {rows} 行；电话号码已遮住"])


@command
def group(
    given: Options,
    month: Annotated[str | None, typer.Option("--month", help="例如 2026-11；默认为刚结束的一个月")] = None,
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="写到哪里")] = Path("集团概览.xlsx"),
) -> None:  # fmt: skip
    """集团概览：把各分公司的账本并排写成一份表，并列出两家都有的客户、照片和人；读不到的分公司写“不知道”。"""
    from service.answers.group import write_overview

    with opened(given) as (service, clock):
        made = write_overview(service, typed.month_to_close(month, clock.date()), to, clock)
    say(given, *said.of_group(made, to))
    end(said.troubles_of_group(made))


@command
def erase(
    given: Options,
    photos: Annotated[str | None, typer.Option("--photos", metavar="姓名", help="删除这个离职的人投递的照片")] = None,
    text: Annotated[str | None, typer.Option("--text", metavar="文字", help="删除这段文字，例如电话号码或联系人姓名")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="依据", help="写进账本，例如“本人 2027-03-01 书面要求”")] = "",
    confirm: Annotated[bool, typer.Option("--confirm", help="真的删除；不加只列出会删除什么")] = False,
) -> None:  # fmt: skip
    """按要求删除个人信息：离职的人的照片，或者一段文字；账本里留下删除记录，仍然可以核对。不加 --confirm 只列出。"""
    from service.upkeep.erasing import carry_out, plan_photos, plan_text

    if (photos is None) == (text is None):
        raise typer.BadParameter("--photos 和 --text 请给出一个", param_hint="erase")
    with opened(given) as (service, clock):
        plan = plan_photos(service, photos, clock) if photos is not None else plan_text(service, text or "")
        if plan.refused or not confirm:
            say(given, *said.of_plan(plan))
            end([plan.refused] if plan.refused else [])
        done = carry_out(service, plan, reason, clock)
    say(given, *said.of_erasing(plan, done))
    end([done.trouble] if done.trouble else [])


@command
def shares(given: Options) -> None:
    """按人员名册写出文件服务器（Samba）的设置：每人一个文件夹，只有本人和客簿能进；供核对，不会改动任何设置。"""
    from service.answers.shares import shares as written

    with opened(given) as (service, clock):
        made = written(service, clock.date())
    say(given, {"people": made.people, "text": made.text}, [made.text])
    end(list(made.troubles))
