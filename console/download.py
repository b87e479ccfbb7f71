"""A kept file on its way to a browser: piece by piece, saved and never shown, kept by no cache."""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import quote

from aiohttp import web

from console import keeping
from console.desk import Desk
from console.guard import GUARDS
from records.kept_files import Kept

_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES = {
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
}


async def sent(desk: Desk, kept: Kept) -> web.StreamResponse:
    """The file, whole."""
    ending = PurePath(kept.name).suffix
    response = web.StreamResponse(headers=GUARDS)
    response.content_length = kept.size
    response.headers["Content-Type"] = _TYPES.get(ending, "application/octet-stream")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"file{ending}\"; filename*=UTF-8''{quote(kept.name, safe='')}"
    )
    await response.prepare(desk.request)
    async for piece in keeping.pieces(desk.means.database, desk.means.vault, kept):
        await response.write(piece)
    await response.write_eof()
    return response
