"""A picture for a group post: handed in on a page, kept and sent like one that came by chat."""

from __future__ import annotations

import hashlib

from aiohttp import BodyPartReader, web

from console.desk import Desk, NotHere
from console.uploads import parts, text_of
from records import pictures

_CHUNK = 64 * 1024
_TYPES = {"jpg": "image/jpeg", "png": "image/png"}
_KEPT = {"Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"}
_TOO_LARGE = f"图超过 {pictures.MOST_BYTES >> 20} MB：截个图或者压小一点再选。"
_NO_PICTURE = "这种图发不了，只收 JPG、PNG 照片；动图、表情请截个图再选。"
_GONE = f"图过了 {pictures.LIFE.days} 天，已经不再留着：请再选一次图。"
_BOMB = "图的宽高太大，手机打不开：压小一点再选。"


class PictureRefused(Exception):
    """It cannot go to a group, or is kept no more; one sentence for the field."""


async def handed_in(desk: Desk) -> str:
    """Take the form of a post into `desk.form`; the id of its picture, "" without one.

    The field of the file comes last, so that nothing typed is lost where it is refused.
    """
    fields: dict[str, list[str]] = {}
    content = b""
    async for part in parts(desk):
        if part.filename is None:
            fields.setdefault(str(part.name), []).append(await text_of(part))
            desk.form = {name: values[0] for name, values in fields.items()}
            desk.lists = fields
        elif part.filename:
            content = await _read(part)
    if content:
        return await _kept(desk, content)
    has_kept = desk.form.get("picture", "") and not desk.form.get("without")
    return await theirs(desk, desk.form["picture"]) if has_kept else ""


async def _read(part: BodyPartReader) -> bytes:
    content = b""
    while chunk := await part.read_chunk(_CHUNK):
        content += chunk
        if len(content) > pictures.MOST_BYTES:
            raise PictureRefused(_TOO_LARGE)
    if content and not pictures.kind_of(content):
        raise PictureRefused(_NO_PICTURE)
    if pictures.pixels(content) > pictures.MOST_PIXELS:
        raise PictureRefused(_BOMB)
    return content


async def _kept(desk: Desk, content: bytes) -> str:
    named = _named(desk, content)
    return await desk.write(pictures.keep, desk.means.vault, named, content, desk.now)


async def theirs(desk: Desk, number: str) -> str:
    """The id of a picture that they handed in themselves; another's is not there."""
    if not number:
        return ""
    content = await desk.read(pictures.find, desk.means.vault, number)
    if content is None:
        raise PictureRefused(_GONE)
    if pictures.number(desk.means.vault, _named(desk, content)) != number:
        raise NotHere
    return number


def _named(desk: Desk, content: bytes) -> str:
    return f"console:{desk.staff.name}:{hashlib.sha256(content).hexdigest()}"


async def shown(desk: Desk, number: str) -> web.Response:
    """The picture itself; not there where it is kept no more."""
    content = await desk.read(pictures.find, desk.means.vault, number) if number else None
    if content is None:
        raise NotHere
    kind = _TYPES[pictures.kind_of(content)]
    return web.Response(body=content, content_type=kind, headers=_KEPT)
