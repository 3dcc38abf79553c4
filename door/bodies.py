"""What a request carries, taken in piece by piece: to disk for pictures, bounded for the rest."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

from anyio import fail_after
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import ClientDisconnect, Request

from door.desk import TurnedAway
from door.picture import Shot

SLOWEST = 300  #: seconds that a body may take: a picture over a poor network, not a connection held open for ever
_FORM_BYTES = 1_000_000
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Keys = Annotated[list[Key], Field(max_length=20)]
FieldName = Annotated[str, Field(max_length=40)]


class Submission(BaseModel):
    """A form as the page sends it: names of fields and what was typed, keys of pictures by column."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    key: Key
    fields: dict[FieldName, str] = Field(max_length=40)
    pictures: dict[FieldName, Keys] | Keys = []


class PictureNote(BaseModel):
    """What stands beside a picture: its key and its shot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key
    shot: Shot


def picture_note(request: Request) -> PictureNote:
    """The key and the shot, from the header.

    :raises TurnedAway: they are missing or make no sense
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "image/jpeg":
        raise TurnedAway(415, "type", "只收手机门现场拍的照片，不收其他文件")
    try:
        return PictureNote.model_validate_json(request.headers.get("x-kebu-shot", ""))
    except ValidationError:
        raise TurnedAway(400, "shot", "照片没有拍摄口令和时间，不是手机门拍的") from None


async def submission(request: Request) -> Submission:
    """A form.

    :raises TurnedAway: it is too large, or no form of ours
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise TurnedAway(415, "type", "请在手机门的页面里填写")
    body = b""
    async for chunk in _chunks(request, _FORM_BYTES, "内容太长，请分几次提交"):
        body += chunk
    try:
        return Submission.model_validate(json.loads(body))
    except (ValidationError, ValueError):
        raise TurnedAway(400, "form", "内容的格式不对，请重新打开手机门再填") from None


@asynccontextmanager
async def on_disk(request: Request, folder: Path, most_mb: int) -> AsyncIterator[Path]:
    """The body in a file of its own, gone afterwards; memory holds one piece at a time.

    :raises TurnedAway: it is larger than *most_mb*, takes for ever or breaks off
    """
    path = folder / f"{secrets.token_hex(8)}.part"
    try:
        with path.open("wb") as stream:
            async for chunk in _chunks(request, most_mb * 2**20, f"照片超过 {most_mb} MB"):
                stream.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)


async def _chunks(request: Request, most: int, words: str) -> AsyncIterator[bytes]:
    if int(request.headers.get("content-length", "0") or 0) > most:
        raise TurnedAway(413, "size", words)
    size = 0
    try:
        with fail_after(SLOWEST):
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    raise TurnedAway(413, "size", words)
                yield chunk
    except TimeoutError:
        raise TurnedAway(408, "slow", "网络太慢，内容留在手机上，稍后自动再送") from None
    except ClientDisconnect:
        raise TurnedAway(400, "half", "没有传完，内容留在手机上，稍后自动再送") from None
