"""Editors for tests: a page drafted, agreed to and released, and what then answers."""

from __future__ import annotations

import asyncio
from datetime import datetime

from knowledge.answer import Answerer
from knowledge.editing import Editor
from knowledge.library import in_service, our_shelf
from records import policies
from records.database import Database

CARE = "xiangtan/policies/xiangtan-care.toml"  # something that the papers do not speak of
_CARE = """\
id = "xiangtan-care"
kind = "policy"
topic = "补贴"
matter = "托育补贴"
slot = "状态"
who = []
title = "返乡创业有没有托育补贴"
answer = "有托育补贴，找街道报名就行。"
detail = ""
status = "in_force"
conditions = []
materials = []
where = ""
agency = "市卫健委"
phone = ""
source = "annex1"
place = "第3项"
valid_from = ""
valid_until = ""
review_by = "2027-06-30"
traps = []
asked_as = [
  "返乡创业的托育补贴有没有",
  "托育有补贴没得",
  "孩子送托班给不给补贴",
  "送娃去托育有补助吗",
  "托班的钱补不补",
  "带娃创业有托育补贴吗",
]
"""


async def release(database: Database, path: str, text: str, now: datetime) -> None:
    """This page is served from now on."""
    editor = Editor(database, now=lambda: now)
    drafted = await editor.draft(path, text, author="小刘")
    assert drafted.faults == ()
    number = drafted.version.id or 0
    await editor.review(number, reviewer="老张")
    await editor.release(number, by="老张")


async def release_care(database: Database, now: datetime, old: str = "", new: str = "") -> None:
    """The entry on child care, `old` words in it replaced by `new` ones."""
    await release(database, CARE, _CARE.replace(old, new) if old else _CARE, now)


async def withdraw(database: Database, path: str, now: datetime) -> None:
    """Nothing is served in this page's place from now on."""
    await Editor(database, now=lambda: now).withdraw(path, by="小刘", note="文件废止")


async def answerer_of(database: Database) -> Answerer:
    """What answers now; seconds."""
    served = await database.read(policies.served)
    library, _ = await asyncio.to_thread(in_service, dict(served.pages))
    return Answerer(library.only(["湘潭"]))


def shipped_page(path: str) -> str:
    """The words of a page as it was shipped."""
    return our_shelf().shipped(path) or ""
