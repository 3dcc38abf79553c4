"""``door``, ``door invite`` and ``door revoke``: what the operator types."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from service.console import (
    Config,
    Json,
    Now,
    Quiet,
    company_settings,
    complain,
    end,
    opened,
    options,
    running_clock,
    say,
    set_before,
)

USAGE = 2

door_app = typer.Typer(invoke_without_command=True, help="手机门：用手机现场拍照、交拜访记录和销售日报。")


@door_app.callback()
def door(
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host", help="在哪个地址上听；没有证书时只能是本机")] = None,
    port: Annotated[int | None, typer.Option("--port", help="端口")] = None,
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """打开手机门，直到收到停止信号；不带子命令时才开门。"""
    if context.invoked_subcommand is not None:
        given = options(config, now, json, quiet)
        moment = given.now.isoformat() if given.now else None
        set_before(given.config, moment, json=given.json, quiet=given.quiet)
        return
    from door.serve import Shut, place, serve

    given = options(config, now, json, quiet)
    try:
        where = place(company_settings(given).door, host, port)
    except Shut as why:
        complain(f"配置错误：{why}")
        sys.exit(USAGE)
    with opened(given) as (service, began):
        serve(service, running_clock(service, began), where)
    end([])


@door_app.command("invite")
def door_invite(
    name: Annotated[str, typer.Argument(metavar="姓名")],
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """邀请一位同事绑定手机：打印网址，并把二维码放进其“取件”；原来绑定的手机失效。"""
    from door.inviting import invite
    from door.register import Unknown

    given = options(config, now, json, quiet)
    with opened(given) as (service, clock):
        try:
            sent = invite(service, name, clock)
        except Unknown as why:
            raise typer.BadParameter(str(why), param_hint="姓名") from None
    until = sent.expires.isoformat(timespec="seconds")
    say(
        given,
        {"url": sent.url, "expires": until},
        [sent.url, f"有效期到 {until}" + (f"；二维码在 {sent.file}" if sent.file else "")],
    )
    end(list(sent.troubles))


@door_app.command("revoke")
def door_revoke(
    name: Annotated[str, typer.Argument(metavar="姓名")],
    config: Config = None, now: Now = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """取消一位同事的手机绑定和没有用过的邀请。"""
    from door.inviting import revoke
    from door.register import Unknown

    given = options(config, now, json, quiet)
    with opened(given) as (service, clock):
        try:
            shut = revoke(service, name, clock)
        except Unknown as why:
            raise typer.BadParameter(str(why), param_hint="姓名") from None
    say(given, {"person": name, "revoked": shut}, [f"已取消 {shut} 个绑定或邀请" if shut else "没有绑定，也没有邀请"])
    end([])
