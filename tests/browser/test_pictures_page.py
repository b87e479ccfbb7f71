"""Staff send a photo from the chat page: made smaller, kept, seen again."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from channels.webchat.channel import WebChat
from channels.webchat.visitors import COOKIE
from records import pictures, staff_accounts
from records.database import Database, Session
from records.staff_accounts import StaffRole
from records.vault import Vault
from tests.support.database import fresh_file
from tests.support.page_checks import PHONE
from tests.support.web_chat import ScriptedDoor, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
SIDE = 1000


def _chunk(kind: bytes, content: bytes) -> bytes:
    whole = kind + content
    return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))


def _noise() -> bytes:
    """A PNG that no compression makes small."""
    dice = random.Random(7)
    rows = b"".join(b"\0" + dice.randbytes(3 * SIDE) for _ in range(SIDE))
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _hire(session: Session, visitor: str) -> None:
    now = datetime.now(UTC)
    staff_accounts.add(session, "王姐", role=StaffRole.MENTOR, area="", at=now, actor="system")
    staff_accounts.bind(session, "王姐", f"webchat:{visitor}", at=now, actor="system")


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, tmp_path: Path, vault: Vault) -> AsyncIterator[Page]:
    """The page of one of the staff."""
    database = Database(await fresh_file(tmp_path / "guiyan.db"))
    chat = WebChat(database, vault)
    async with serving(chat, ScriptedDoor(database, vault, chat, {})) as url:
        context = await browser.new_context(**PHONE)
        page = await context.new_page()
        await page.goto(url)
        await expect(page.get_by_role("button", name="发图")).to_be_hidden()
        [cookie] = [one for one in await context.cookies() if one.get("name") == COOKIE]
        await database.run(_hire, cookie["value"].partition(".")[0])
        await page.reload()
        yield page
        await context.close()
    await database.close()


async def test_a_photo_is_made_smaller_sent_and_seen_again(page: Page, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(_noise())
    assert photo.stat().st_size > pictures.MOST_BYTES
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="发图").click()
    async with page.expect_response("**/chat/api/pictures*") as answer:
        await (await chooser.value).set_files(photo)
    assert (await answer.value).status == 202
    await page.reload()
    shown = page.get_by_role("img", name="图片")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("image => image.naturalWidth") == SIDE


async def test_what_is_no_picture_is_said(page: Page, tmp_path: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("no picture")
    await page.locator("#file").set_input_files(text)
    await expect(page.get_by_text("没发出去：只收JPG、PNG照片")).to_be_visible()
