"""Media: uploaded by us or sent by people, gone after three days."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from tests.support.wecom.clock import DAY, Clock
from tests.support.wecom.ids import Ids
from tests.support.wecom.wire import Body, Refused, json

_MB = 1024 * 1024
_MOST = {"image": 10 * _MB, "voice": 2 * _MB, "video": 10 * _MB, "file": 20 * _MB}
_TOO_BIG = {"image": 40009, "video": 40011}
_STARTS = {
    "image": (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"),
    "voice": (b"#!AMR",),
    "video": (),
    "file": (),
}
_TYPES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4"}
_LIFE = 3 * DAY
_PART = 20 * _MB


@dataclass(frozen=True, slots=True)
class Medium:
    """One file; `only_for` is the robot that may use it, if only one may."""

    kind: str
    name: str
    content: bytes
    created_at: float
    only_for: str = ""


@dataclass(slots=True)
class Media:
    """All files of the corp."""

    clock: Clock
    ids: Ids
    _kept: dict[str, Medium] = field(default_factory=dict)

    def add(self, kind: str, name: str, content: bytes, *, only_for: str = "") -> str:
        """The media_id under which it is kept for three days."""
        media_id = self.ids.word(60)
        self._kept[media_id] = Medium(kind, name, content, self.clock.now(), only_for)
        return media_id

    def find(self, media_id: str, *, used_by: str = "") -> Medium:
        """The file, or 40007."""
        found = self._kept.get(media_id)
        if found is None or found.only_for != used_by:
            raise Refused(40007, "invalid media_id")
        if self.clock.now() >= found.created_at + _LIFE:
            raise Refused(40007, "invalid media_id")
        return found

    async def upload(self, request: web.BaseRequest, kind: str, *, only_for: str = "") -> Body:
        """`media/upload`: one part named media, with a file name."""
        if kind not in _MOST:
            raise Refused(40004, "invalid media type")
        name, content = await _part(request)
        _check(kind, content)
        media_id = self.add(kind, name, content, only_for=only_for)
        created = str(int(self.clock.now()))
        return {"type": kind, "media_id": media_id, "created_at": created}

    def get(self, request: web.BaseRequest) -> web.Response:
        """`media/get`: the file itself, or a piece of it."""
        found = self.find(request.query.get("media_id", ""))
        headers = {
            "Content-Type": _TYPES.get(found.kind, "application/octet-stream"),
            "Content-Disposition": f'attachment; filename="{found.name}"',
        }
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
        if wanted is None:
            return web.Response(body=found.content, headers=headers)
        start, end = int(wanted[1]), int(wanted[2] or len(found.content) - 1)
        if not start <= end < len(found.content) or end - start >= _PART:
            raise Refused(830002, "invalid range")
        headers["Content-Range"] = f"bytes {start}-{end}/{len(found.content)}"
        return web.Response(status=206, body=found.content[start : end + 1], headers=headers)

    async def upload_image(self, request: web.BaseRequest) -> web.Response:
        """`media/uploadimg`: an address that lasts."""
        _name, content = await _part(request)
        if not 5 < len(content) <= 2 * _MB:
            raise Refused(40009, "invalid image size")
        return json({"errcode": 0, "errmsg": "", "url": f"http://p.qpic.cn/{self.ids.word(40)}"})


def _check(kind: str, content: bytes) -> None:
    if len(content) <= 5:
        raise Refused(40006, "invalid media size")
    if len(content) > _MOST[kind]:
        raise Refused(_TOO_BIG.get(kind, 45001), "media size out of limit")
    if _STARTS[kind] and not content.startswith(_STARTS[kind]):
        raise Refused(40005, "invalid file type")


async def _part(request: web.BaseRequest) -> tuple[str, bytes]:
    if not request.content_type.startswith("multipart/"):
        raise Refused(41005, "media data missing")
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "media":
            content = bytes(await part.read(decode=False))
            return _file_name(part), content
    raise Refused(41005, "media data missing")


def _file_name(part: BodyPartReader) -> str:
    """The plain `filename`, in UTF-8; the form with a star is not read."""
    header = part.headers.get("Content-Disposition", "")
    found = re.search(r'filename="([^"]*)"', header)
    if found is None:
        raise Refused(44001, "empty media data: no filename")
    return found[1]
