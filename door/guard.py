"""Around every request: who may ask at all, how often, and what a browser may do with the answer."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from door.desk import TurnedAway
from policy.settings_door import DoorSettings

COOKIE = "__Host-kebu"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_YEAR = "max-age=31536000"


def origins(settings: DoorSettings, port: int) -> tuple[str, ...]:
    """How phones may have reached us: the configured address, or this machine's own names."""
    if settings.address:
        return (settings.address,)
    scheme = "https" if settings.certificate else "http"
    return tuple(f"{scheme}://{host}:{port}" for host in dict.fromkeys((settings.host, "127.0.0.1", "localhost")))


class Guard:
    """Refuses strangers' host names, and puts the headers on whatever is answered."""

    def __init__(self, app: ASGIApp, allowed: tuple[str, ...]) -> None:
        """Only hosts of the *allowed* origins are served: a name that somebody points at us is not ours."""
        self._app = app
        self._hosts = {urlsplit(origin).netloc for origin in allowed}
        self._secure = allowed[0].startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
                if self._secure:
                    headers["Strict-Transport-Security"] = _YEAR
            await send(message)

        if Headers(scope=scope).get("host", "") not in self._hosts:
            await refused(TurnedAway(421, "host", "请用管理员给的网址打开"))(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers)


def refused(why: TurnedAway) -> JSONResponse:
    """A refusal as the page reads it."""
    return JSONResponse({"code": why.code, "words": why.words, "fields": why.fields}, status_code=why.status)


def from_our_page(request: Request, allowed: tuple[str, ...]) -> None:
    """A change must come from a page of ours.

    :raises TurnedAway: it comes from elsewhere, or a browser does not say where from
    """
    if request.headers.get("origin") not in allowed:
        raise TurnedAway(403, "origin", "请在手机门的页面里操作")


def with_word(request: Request, expected: str) -> None:
    """A change must bring the word that only our page knows.

    :raises TurnedAway: it does not
    """
    if not hmac.compare_digest(request.headers.get("x-kebu-page", "").encode(), expected.encode()):
        raise TurnedAway(403, "page", "页面已过期，请重新打开手机门")
