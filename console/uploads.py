"""A file that somebody hands in: streamed into the store, sealed, never under a name of theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import BodyPartReader, MultipartReader

from console.desk import Desk, Refused
from knowledge.exchange.guard import FileRefused
from records import kept_files
from records.database import Session
from records.kept_files import PIECE, NewFile, Purpose
from registry import reading, xlsx

MOST_BYTES = xlsx.LIMITS.file
KEPT_FOR = timedelta(days=1)
_MOST_FIELDS, _FIELD = 20, 10_000
_NAME = 80
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
    try:
        parts = await desk.request.multipart()
    except (AssertionError, ValueError) as fault:
        raise Refused("表单不完整，请返回刷新以后再交一次。") from fault
    fields: dict[str, str] = {}
    file, name = 0, ""
    async for part in _parts(parts):
        if "csrf" not in fields and part.name != "csrf":
            raise Refused("表单不完整，请返回刷新以后再交一次。")
        if part.filename is None:
            fields[str(part.name)] = await _text(part)
            if part.name == "csrf":
                desk.checks(fields["csrf"])
        elif part.filename and not file:
            name = shown_name(part.filename)
            file = await _kept(desk, part, name)
        if len(fields) > _MOST_FIELDS:
            raise Refused("表单不完整，请返回刷新以后再交一次。")
    if "csrf" not in fields:
        raise Refused("表单不完整，请返回刷新以后再交一次。")
    return Upload(fields, file, name)


def shown_name(name: str) -> str:
    """A name to show; it never names anything of ours."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[-_NAME:] or "没有名字"


async def _parts(parts: MultipartReader) -> AsyncIterator[BodyPartReader]:
    try:
        async for part in parts:
            if isinstance(part, BodyPartReader):
                yield part
    except ValueError as fault:
        raise Refused("表单不完整，请返回刷新以后再交一次。") from fault


async def _text(part: BodyPartReader) -> str:
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
