"""A document that entries may rest on: registered as a draft, reviewed and released like them."""

from __future__ import annotations

import re
import secrets

from aiohttp import web
from pydantic import Field

from console.desk import Desk, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from console.pages import policy_shelf as shelf
from console.pages.policy_shelf import Place
from knowledge.exchange import toml_text
from knowledge.exchange.content import HEAD
from knowledge.pages import day_of
from knowledge.quoting import one_line
from records.rights import Right

_YEAR = re.compile(r"(19|20|21)\d\d")


class _Paper(Form):
    folder: str
    title: str = Field(max_length=120)
    number: str = Field(default="", max_length=60)
    date: str = Field(default="", max_length=10)
    issuer: str = Field(default="", max_length=60)
    note: str = Field(default="", max_length=200)


async def paper(desk: Desk) -> web.StreamResponse:
    """A document that entries may rest on."""
    return await _paper(desk, blank({"folder": desk.query.get("area", "")}))


async def _paper(desk: Desk, f: Filled[_Paper], status: int = 200) -> web.StreamResponse:
    place = await shelf.place_of(desk, f"{f.typed.get('folder', '')}/{HEAD}")
    shelf.need_edit(desk, place.pack)
    return desk.render("policies/paper.html", status, f=f, place=place)


async def keep_paper(desk: Desk) -> web.StreamResponse:
    """A draft of the area's first page with one document more."""
    f = filled(_Paper, desk.form)
    if f.value is None:
        return await _paper(desk, f, 422)
    place = await shelf.place_of(desk, f"{f.value.folder}/{HEAD}")
    shelf.need_edit(desk, place.pack)
    if faults := _paper_faults(f.value, place):
        return await _paper(desk, wrong(f.typed, **faults), 422)
    fields = f.value.model_dump(exclude={"folder"})
    data = {key: one_line(text, 200) for key, text in fields.items()}
    key = f"doc{secrets.token_hex(3)}"
    blocks = toml_text.Blocks(place.text or "", "documents")
    blocks.put(f"documents.{key}", toml_text.document_block(key, data))
    note = f"加文件：{data['title']}"
    drafted = await shelf.editor(desk).draft(
        place.path, blocks.text, author=desk.staff.name, note=note
    )
    said = "文件登记成草稿了。同事审过、上线以后，就能在“依据文件”里选到。"
    return desk.go(f"/policies/versions/{drafted.version.id}", said)


def _paper_faults(asked: _Paper, place: Place) -> dict[str, str]:
    faults = {}
    if asked.date and not _YEAR.fullmatch(asked.date) and day_of(asked.date) is None:
        faults["date"] = "请写成 2027-06-30，只知道年份的写 2027"
    known = [one for one in place.pack.documents.values() if one.number == asked.number]
    if asked.number and known:
        faults["number"] = f"这个文号已经登记过：{known[0].title}"
    if place.text is None:
        raise Refused("这个地区没有内容，先要加地区。")
    return faults


PAGES = (
    Page("GET", "/policies/draft/paper", paper, Right.POLICIES),
    Page("POST", "/policies/draft/paper", keep_paper, Right.POLICIES),
)
