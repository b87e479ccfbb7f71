"""Notices at a start which entries the program brings otherwise than the one before it."""

from __future__ import annotations

import asyncio
from datetime import datetime

from knowledge.shelf import AS_SHIPPED, Shelf
from records import shipped_pages
from records.database import Database


async def note(database: Database, shelf: Shelf, now: datetime) -> int:
    """How many files differ; who was told the old words is offered the new ones later."""
    texts = await asyncio.to_thread(_texts, shelf)
    return await database.run(shipped_pages.note, texts, now)


def _texts(shelf: Shelf) -> dict[str, str]:
    paths = [path for folder in shelf.folders() for path in shelf.policies(folder, AS_SHIPPED)]
    return {path: text for path in paths if (text := shelf.shipped(path)) is not None}
