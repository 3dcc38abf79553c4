"""The door's pages and questions: what stands at which address."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from door import bodies, pages
from door.desk import PICTURE, Desk, TurnedAway
from door.forms import IN_REACH, choices, control, forms_for, people_of, problems
from door.guard import COOKIE, from_our_page, refused, with_word
from door.limits import Knocks
from door.register import Visitor
from door.words import token_for_forms
from policy.form import Form, columns

_TEMPLATES = Path(__file__).parents[1] / "templates" / "door"
_STATIC = _TEMPLATES / "static"
_AT_ONCE = 4  #: pictures in memory at the same time, each up to three times its size
_LABEL_HEADER = "user-agent"
_PACKED = 1000  #: bytes from which an answer is packed: the page of forms is a sixth then, and nothing of another's choosing stands in it

Handler = Callable[[Request], Awaitable[Response]]


@dataclass
class Web:
    """The handlers; each takes a request and gives an answer."""

    desk: Desk
    allowed: tuple[str, ...]
    strangers: Knocks  #: by address: invitations, unknown phones
    phones: Knocks  #: by phone

    def __post_init__(self) -> None:
        """Read the templates once."""
        self._pages = Environment(loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"), undefined=StrictUndefined, autoescape=True,
                                  trim_blocks=True, lstrip_blocks=True)  # fmt: skip
        self._pages.filters["control"] = control
        self.version = _version()
        self._heavy = CapacityLimiter(_AT_ONCE)

    # -- who asks

    async def visitor(self, request: Request) -> Visitor:
        """Whose phone this is.

        :raises TurnedAway: nobody's, or it knocks too often
        """
        found = await to_thread.run_sync(self.desk.visitor, request.cookies.get(COOKIE, ""))
        if isinstance(found, str):
            self._knock(self.strangers, _address(request))
            raise TurnedAway(401, "unbound", found)
        self._knock(self.phones, found.device)
        return found

    async def changer(self, request: Request) -> Visitor:
        """The same, for a request that changes something."""
        from_our_page(request, self.allowed)
        visitor = await self.visitor(request)
        with_word(request, token_for_forms(self.desk.key, visitor.device))
        return visitor

    def _knock(self, knocks: Knocks, who: str) -> None:
        if wait := knocks.allow(who):
            raise TurnedAway(429, "often", f"操作太频繁，请 {max(1, round(wait))} 秒后再试")

    # -- pages

    async def shell(self, request: Request) -> Response:
        """The one page; without a bound phone a page that says how to get in."""
        try:
            visitor = await self.visitor(request)
        except TurnedAway as why:
            return self._page("outside.html", status=why.status, words=why.words)
        settings = self.desk.service.settings.as_of(self.desk.clock().date())
        return self._page(
            "shell.html", person=visitor.person, forms=forms_for(visitor.person), columns=columns,
            choices=partial(choices, settings=settings), people_of=people_of, in_reach=IN_REACH, company=settings.company.name,
            word=token_for_forms(self.desk.key, visitor.device),
        )  # fmt: skip

    async def invitation(self, request: Request) -> Response:
        """The page that binds a phone as soon as it runs: a preview by a messenger binds nothing."""
        self._knock(self.strangers, _address(request))
        if not isinstance(await to_thread.run_sync(self.desk.visitor, request.cookies.get(COOKIE, "")), str):
            return Response(status_code=303, headers={"Location": "/"})
        return self._page("invitation.html", code=request.path_params["code"])

    def _page(self, name: str, status: int = 200, **given: Any) -> HTMLResponse:
        page = self._pages.get_template(name).render(version=self.version, **given)
        return HTMLResponse(page, status_code=status)

    async def worker(self, _request: Request) -> Response:
        """The service worker, with the version of everything that it keeps."""
        script = self._pages.get_template("sw.js").render(version=self.version, files=_static_files())
        return Response(script, media_type="text/javascript")

    async def manifest(self, _request: Request) -> Response:
        """What makes the page installable."""
        text = (_TEMPLATES / "manifest.webmanifest").read_text("utf-8")
        return Response(text, media_type="application/manifest+json")

    # -- questions

    async def home(self, request: Request) -> Response:
        """Everything that the page shows of the book."""
        visitor = await self.visitor(request)
        now = self.desk.clock()
        told: dict[str, Any] = {"person": visitor.person.name, "now": round(now.timestamp() * 1000)}
        told |= await to_thread.run_sync(
            self.desk.ask, lambda service, at: pages.choices_of(service, visitor.person, at)
        )
        told["today"] = await to_thread.run_sync(
            self.desk.ask, lambda service, at: pages.today(service, visitor.person, at)
        )
        told["receipts"] = await to_thread.run_sync(
            self.desk.ask, lambda service, at: pages.receipts(service, visitor.person, at)
        )
        return JSONResponse(told)

    async def challenge(self, request: Request) -> Response:
        """A one-time word for the next shutter."""
        visitor = await self.visitor(request)
        now = round(self.desk.clock().timestamp() * 1000)
        return JSONResponse({"challenge": self.desk.challenge(visitor), "now": now})

    # -- changes

    async def bind(self, request: Request) -> Response:
        """Bind this phone by an invitation."""
        from_our_page(request, self.allowed)
        self._knock(self.strangers, _address(request))
        label = request.headers.get(_LABEL_HEADER, "")
        token = await to_thread.run_sync(self.desk.bind, request.path_params["code"], label)
        answer = JSONResponse({"words": "已绑定"})
        age = self.desk.service.settings.door.session_days * 86_400
        answer.set_cookie(COOKIE, token, max_age=age, path="/", secure=True, httponly=True, samesite="strict")
        return answer

    async def picture(self, request: Request) -> Response:
        """Take a live picture."""
        visitor = await self.changer(request)
        note = bodies.picture_note(request)
        most = self.desk.service.settings.limits.photo_mb
        async with bodies.on_disk(request, self.desk.tray.incoming, most) as path:
            take = partial(self.desk.take_picture, visitor, note.key, note.shot, path)
            receipt = await to_thread.run_sync(take, limiter=self._heavy)
        return JSONResponse(
            {"key": receipt.key, "kind": PICTURE, "name": receipt.name, "live": receipt.live, "at": receipt.at}
        )

    async def check(self, request: Request) -> Response:
        """What is wrong with a form while it is being filled in."""
        visitor = await self.changer(request)
        form, given = _form(request, visitor), await bodies.submission(request)
        settings = self.desk.service.settings.as_of(self.desk.clock().date())
        wrong = {each.field: each.words for each in problems(form, given.fields, settings)}
        return JSONResponse({"fields": wrong})

    async def submit(self, request: Request) -> Response:
        """Take a form."""
        visitor = await self.changer(request)
        form, given = _form(request, visitor), await bodies.submission(request)
        take = partial(self.desk.take_form, visitor, form, given.key, given.fields, given.pictures)
        receipt = await to_thread.run_sync(take, limiter=self._heavy)
        return JSONResponse({"key": receipt.key, "kind": receipt.kind, "name": receipt.name, "at": receipt.at})


def _form(request: Request, visitor: Visitor) -> type[Form]:
    code = request.path_params["form"]
    found = next((form for form in forms_for(visitor.person) if form.code == code), None)
    if found is None:
        raise TurnedAway(404, "form", "您的岗位不交这种表")
    return found


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _static_files() -> list[str]:
    return sorted(f"/static/{path.name}" for path in _STATIC.iterdir())


def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted([*_STATIC.iterdir(), *_TEMPLATES.glob("*.*")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


async def _told(_request: Request, why: Exception) -> Response:
    assert isinstance(why, TurnedAway)
    return refused(why)


async def _nothing_there(_request: Request, why: Exception) -> Response:
    assert isinstance(why, HTTPException)
    words: Mapping[int, str] = {404: "没有这个页面", 405: "不能这样访问"}
    return refused(TurnedAway(why.status_code, "http", words.get(why.status_code, "请求不对")))


async def _our_fault(_request: Request, _why: Exception) -> Response:
    return refused(TurnedAway(500, "fault", "服务器出错，不是您的问题；内容留在手机上，稍后自动再送"))


def application(web: Web) -> Starlette:
    """Everything behind the guard, as an ASGI application."""
    routes = [
        Route("/", web.shell),
        Route("/i/{code}", web.invitation),
        Route("/i/{code}", web.bind, methods=["POST"]),
        Route("/sw.js", web.worker),
        Route("/manifest.webmanifest", web.manifest),
        Route("/api/home", web.home),
        Route("/api/challenge", web.challenge),
        Route("/api/picture", web.picture, methods=["POST"]),
        Route("/api/forms/{form}/check", web.check, methods=["POST"]),
        Route("/api/forms/{form}", web.submit, methods=["POST"]),
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(GZipMiddleware, minimum_size=_PACKED)],
        exception_handlers={TurnedAway: _told, HTTPException: _nothing_there, Exception: _our_fault},
    )
