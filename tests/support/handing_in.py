"""Files handed in at the console, as a browser sends them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
from aiohttp import FormData

from console.work_kinds import WORK
from tests.support.console import Answer, Browser, Stage
from tests.support.working import work

ROWS: list[list[Any]] = [
    ["姓名", "手机", "县", "镇", "村"],
    ["王某一", "13800000001", "湘乡市", "", ""],
    ["王某二", "13800000002", "湘乡市", "", ""],
    ["王某三", "12", "湘乡市", "", ""],
]
BASIS = "试〔2026〕1号"


def book(rows: list[list[Any]]) -> bytes:
    """An .xlsx file of these rows."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


async def hand_in(
    browser: Browser,
    data: bytes,
    *,
    name: str = "名单.xlsx",
    kind: str = "people",
    csrf: str | None = None,
) -> Answer:
    """Send a list with its form."""
    form = FormData(quote_fields=False)
    form.add_field("csrf", browser.csrf if csrf is None else csrf)
    form.add_field("kind", kind)
    form.add_field("basis", BASIS)
    form.add_field("file", data, filename=name, content_type="application/octet-stream")
    cookies = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
    async with browser.client.post(
        "/console/imports", data=form, headers={"Cookie": cookies}, allow_redirects=False
    ) as response:
        body = await response.read()
        path = response.headers.get("Location", "").removeprefix("/console")
        return Answer(response.status, body.decode("utf-8", "replace"), path, body=body)


async def done(stage: Stage, answer: Answer) -> str:
    """Do what was asked for; its path."""
    assert answer.status == 303, answer.words
    await work(stage.means, WORK)
    return answer.path
