"""The page's files, read once and kept ready to go out, compressed or not."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib import resources

from aiohttp import web

_KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
PARTS = ("chat.css", "log.js", "chat.js", "icon.svg")
GUARDS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; object-src 'none'; "
    "form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_FOR_A_YEAR = "public, max-age=31536000, immutable"  # the address changes with the content
_ASK_EACH_TIME = "private, no-cache"


@dataclass(frozen=True, slots=True)
class WidgetFile:
    """One file as it goes over the wire."""

    body: bytes
    compressed: bytes
    kind: str
    etag: str
    keeping: str

    def response(self, request: web.Request) -> web.Response:
        headers = {
            **GUARDS,
            "Cache-Control": self.keeping,
            "ETag": f'"{self.etag}"',
            "Vary": "Accept-Encoding",
        }
        if self.etag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        headers["Content-Type"] = self.kind
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=self.body, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return web.Response(body=self.compressed, headers=headers)


class Widget:
    """All files of the page. The pages name their parts by content, so that a phone keeps them."""

    def __init__(self) -> None:
        bodies = {name: _read(name) for name in PARTS}
        self.parts = {name: _file(name, body, _FOR_A_YEAR) for name, body in bodies.items()}
        self.page = _file("index.html", self._named(_read("index.html")), _ASK_EACH_TIME)
        self.plain_page = self._named(_read("plain.html")).decode()

    def _named(self, page: bytes) -> bytes:
        for name, part in self.parts.items():
            page = page.replace(f"/{name}".encode(), f"/{name}?v={part.etag}".encode())
        return page


def _read(name: str) -> bytes:
    return (resources.files("channels.webchat") / "widget" / name).read_bytes()


def _file(name: str, body: bytes, keeping: str) -> WidgetFile:
    etag = hashlib.sha256(body).hexdigest()[:16]
    compressed = gzip.compress(body, mtime=0)
    return WidgetFile(body, compressed, _KINDS[name.rpartition(".")[2]], etag, keeping)
