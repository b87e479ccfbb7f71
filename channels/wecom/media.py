"""Files to and from WeCom: checked before they leave, not believed when they come."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from channels.wecom.failures import Trouble, WecomError
from channels.wecom.wire import Reply, answer

DOWNLOAD_BYTES = 20 * 1024**2
LIFE = timedelta(days=3)

_MARGIN = timedelta(hours=1)
_LEAST_BYTES = 6  # "more than five"
_MANY = 200
_NAME_BYTES = 120
_BAD_KIND, _BAD_SIZE = 40004, 40006


class Kind(StrEnum):
    """What a file is sent as."""

    IMAGE = "image"  # JPG, PNG
    VOICE = "voice"  # AMR
    VIDEO = "video"  # MP4
    FILE = "file"


# Pictures: the platform names 2, 5 and 10 MB in different places; the least of them.
_MOST_BYTES = {
    Kind.IMAGE: 2 * 1024**2,
    Kind.VOICE: 2 * 1024**2,
    Kind.VIDEO: 10 * 1024**2,
    Kind.FILE: 20 * 1024**2,
}
_BEGINNINGS = {
    Kind.IMAGE: re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n"),
    Kind.VOICE: re.compile(rb"#!AMR\n"),
    Kind.VIDEO: re.compile(rb".{4}ftyp", re.DOTALL),
    Kind.FILE: re.compile(b""),
}
_TYPES = {
    Kind.IMAGE: "image/jpeg",
    Kind.VOICE: "audio/amr",
    Kind.VIDEO: "video/mp4",
    Kind.FILE: "application/octet-stream",
}


@dataclass(frozen=True, slots=True)
class Media:
    """A file that somebody sent."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """A file as the body of an upload."""

    body: bytes = field(repr=False)
    content_type: str


def form(kind: Kind, name: str, content: bytes, path: str) -> Form:
    """The upload of a file; raises WecomError for what the platform would refuse.

    The name goes as raw UTF-8: WeCom does not read `filename*`.
    """
    if not _LEAST_BYTES <= len(content) <= _MOST_BYTES[kind]:
        raise WecomError(_BAD_SIZE, path)
    if not _BEGINNINGS[kind].match(content):
        raise WecomError(_BAD_KIND, path)
    boundary = hashlib.sha256(content).hexdigest()  # a file cannot hold its own digest
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="media"; filename="{_plain(name)}"; '
        f"filelength={len(content)}\r\n"
        f"Content-Type: {_type(kind, content)}\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return Form(body, f"multipart/form-data; boundary={boundary}")


def download(reply: Reply, path: str) -> Media:
    """The file in a reply; raises WecomError where the reply is an error, also with status 200."""
    disposition = reply.disposition.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if reply.status != 200 or "filename" not in disposition:
        answer(reply, path)
        raise WecomError(0, path, trouble=Trouble.UNREADABLE)
    named = re.search(r'filename="?([^";]*)', disposition)
    return Media(_plain(named[1] if named else ""), reply.content_type, reply.body)


def _plain(name: str) -> str:
    """A name without folders, quotes and control characters, not too long, its ending kept."""
    last = re.split(r"[/\\]", name)[-1].encode("utf-8", "ignore").decode()
    clean = re.sub(r'[\x00-\x1f\x7f"]', "", last).strip() or "file"
    stem, dot, ending = clean.rpartition(".")
    ending = dot + ending if 0 < len(ending) <= 8 and stem else ""
    room = _NAME_BYTES - len(ending.encode())
    body = clean.removesuffix(ending).encode()[:room].decode("utf-8", "ignore")
    return body + ending


def _type(kind: Kind, content: bytes) -> str:
    is_png = kind is Kind.IMAGE and content.startswith(b"\x89PNG")
    return "image/png" if is_png else _TYPES[kind]


class Shelf:
    """Ids of what was uploaded: the same file is not uploaded again while its id is good."""

    def __init__(self) -> None:
        self._ids: dict[tuple[Kind, str, bytes], tuple[str, datetime]] = {}

    def find(self, kind: Kind, name: str, content: bytes, now: datetime) -> str:
        """The id that is still good for a while; "" if there is none."""
        media_id, until = self._ids.get(_place(kind, name, content), ("", now))
        return media_id if now < until else ""

    def put(
        self, media_id: str, kind: Kind, name: str, content: bytes, *, until: datetime
    ) -> None:
        """Know the id of an upload until then."""
        if len(self._ids) >= _MANY:
            self._ids.clear()
        self._ids[_place(kind, name, content)] = (media_id, until)

    def forget(self, media_id: str) -> None:
        """An id was refused (40007): upload anew next time."""
        self._ids = {place: kept for place, kept in self._ids.items() if kept[0] != media_id}


def _place(kind: Kind, name: str, content: bytes) -> tuple[Kind, str, bytes]:
    return kind, name, hashlib.sha256(content).digest()


def good_until(value: dict[str, Any], now: datetime) -> datetime:
    """When an upload should be repeated; WeCom tells in seconds, as a string, when it was made."""
    said = str(value.get("created_at", ""))
    made = now
    if re.fullmatch(r"[0-9]{1,11}", said):
        made = min(now, max(now - LIFE, datetime.fromtimestamp(int(said), UTC)))
    return made + LIFE - _MARGIN
