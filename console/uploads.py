"""A file that somebody hands in: streamed into the store, sealed, never under a name of theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import BodyPartReader

from console.desk import Desk, Refused
from knowledge.exchange.guard import FileRefused
from records import kept_files
from records.database import Session
from records.kept_files import PIECE, NewFile, Purpose
from registry import reading, xlsx

MOST_BYTES = xlsx.LIMITS.file
KEPT_FOR = timedelta(days=1)
_MOST_FIELDS, _FIELD = 80, 10_000
_NAME = 80
_BROKEN = "表单不完整，请返回刷新以后再交一次。"
_CHUNK = 64 * 1024
_TOO_LARGE = f"文件超过 {MOST_BYTES >> 20} MB，请按地区分成几个文件再交。"


@dataclass(frozen=True, slots=True)
class Upload:
    """What a form with a file brought: the other fields, and the file's number and shown name.

    `file` 0: no file was chosen.
    """

    fields: Mapping[str, str]
    file: int = 0
    name: str = ""


async def receive(desk: Desk) -> Upload:
    """Take a form with a file; the field «csrf» comes first. Refused where it may not be kept."""
    fields: dict[str, str] = {}
    file, name = 0, ""
    async for part in parts(desk):
        if part.filename is None:
            fields[str(part.name)] = await text_of(part)
        elif part.filename and not file:
            name = shown_name(part.filename)
            file = await _kept(desk, part, name)
    return Upload(fields, file, name)


def shown_name(name: str) -> str:
    """A name to show; it never names anything of ours."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[-_NAME:] or "没有名字"


async def parts(desk: Desk) -> AsyncIterator[BodyPartReader]:
    """The parts of a form with files, once its «csrf», which comes first, is known for ours."""
    count = 0
    try:
        async for part in await desk.request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            count += 1
            if count == 1:
                _first(desk, part.name, await text_of(part))
                continue
            if count > _MOST_FIELDS:
                raise Refused(_BROKEN)
            yield part
    except (AssertionError, ValueError) as fault:
        raise Refused(_BROKEN) from fault
    if not count:
        raise Refused(_BROKEN)


def _first(desk: Desk, name: str | None, value: str) -> None:
    if name != "csrf":
        raise Refused(_BROKEN)
    desk.checks(value)


async def text_of(part: BodyPartReader) -> str:
    """What was typed into a field."""
    data = b""
    while chunk := await part.read_chunk(_CHUNK):
        data += chunk
        if len(data) > _FIELD:
            raise Refused("填的内容太长，请写短一些。")
    return data.decode("utf-8", "replace").strip()


async def _kept(desk: Desk, part: BodyPartReader, name: str) -> int:
    """Its number; nothing of it stays where it is refused."""
    means, size, waiting = desk.means, 0, b""
    new = NewFile(Purpose.HANDED_IN, desk.staff.name, name, desk.now + KEPT_FOR)
    file = await desk.write(kept_files.begin, means.vault, new, desk.now)
    try:
        while chunk := await part.read_chunk(_CHUNK):
            if not size and not waiting:
                reading.look_at(chunk)
            waiting += chunk
            if size + len(waiting) > MOST_BYTES:
                raise FileRefused(_TOO_LARGE)
            if len(waiting) >= PIECE:
                piece, waiting = waiting[:PIECE], waiting[PIECE:]
                await desk.write(kept_files.add, means.vault, file, size // PIECE, piece)
                size += PIECE
        if not size:
            reading.look_at(waiting)
    except FileRefused as refusal:
        await desk.write(kept_files.drop, [file])
        raise Refused(str(refusal)) from refusal
    await desk.write(_end, desk, file, size, waiting)
    return file


def _end(session: Session, desk: Desk, file: int, size: int, rest: bytes) -> None:
    if rest:
        kept_files.add(session, desk.means.vault, file, size // PIECE, rest)
    kept_files.complete(session, file, size=size + len(rest))
