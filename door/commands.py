"""``door``, ``door invite`` and ``door revoke``: what the operator types."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from service.answers.console import (
    USAGE,
    Options,
    company_settings,
    complain,
    end,
    opened,
    remember,
    running_clock,
    say,
    with_options,
)

if TYPE_CHECKING:
    from policy.settings import Settings

door_app = typer.Typer(invoke_without_command=True, help="手机门：用手机现场拍照，交拜访记录、销售日报和几种常用的表。")


@door_app.callback()
@with_options
def door(
    given: Options,
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host", help="在哪个地址上听；没有证书时只能是本机")] = None,
    port: Annotated[int | None, typer.Option("--port", help="端口")] = None,
) -> None:
    """打开手机门，直到收到停止信号；不带子命令时才开门。"""
    if context.invoked_subcommand is not None:
        remember(given)
        return
    from door.serve import Shut, place, serve

    try:
        where = place(company_settings(given).door, host, port)
    except Shut as why:
        complain(f"配置错误：{why}")
        sys.exit(USAGE)
    with opened(given) as (service, began):
        serve(service, running_clock(service, began), where)
    end([])


@door_app.command("invite")
@with_options
def door_invite(
    given: Options,
    name: Annotated[str, typer.Argument(metavar="姓名")],
) -> None:
    """邀请一位同事绑定手机：打印网址，并把二维码放进其“取件”；原来绑定的手机失效。"""
    from door.inviting import invite
    from door.register import Unknown

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
@with_options
def door_revoke(
    given: Options,
    name: Annotated[str, typer.Argument(metavar="姓名")],
) -> None:
    """取消一位同事的手机绑定和没有用过的邀请。"""
    from door.inviting import revoke
    from door.register import Unknown

    with opened(given) as (service, clock):
        try:
            shut = revoke(service, name, clock)
        except Unknown as why:
            raise typer.BadParameter(str(why), param_hint="姓名") from None
    say(given, {"person": name, "revoked": shut}, [f"已取消 {shut} 个绑定或邀请" if shut else "没有绑定，也没有邀请"])
    end([])


def door_beside(settings: Settings, clock: Callable[[], datetime]) -> AbstractContextManager[None]:
    """The phone door beside ``watch``, where the company has one."""
    if not settings.door.enabled:
        return nullcontext()
    from door.serve import Shut, beside, place

    try:
        return beside(settings, place(settings.door), clock)
    except Shut as why:
        complain(f"配置错误：{why}")
        sys.exit(USAGE)
