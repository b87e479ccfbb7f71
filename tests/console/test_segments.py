"""Audiences on pages: read back, counted, kept; nobody of another office."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import pytest

from records import audit
from records import segments as kept
from records.database import Database, Session
from records.vault import Vault
from tests.support import campaign_stage as people_and_staff
from tests.support.campaign_stage import DINGTAO, NOW
from tests.support.console import Browser, Stage, served


@pytest.fixture
async def clerk(stage: Stage) -> Browser:
    """Somebody of a county with twelve people who work away."""
    stage.clock[0] = NOW
    await stage.database.run(_people, stage.vault)
    return await stage.staff("小周", area=DINGTAO)


def _people(session: Session, vault: Vault) -> None:
    people_and_staff.people_of(session, vault, 12, channel="telegram")


async def test_what_was_typed_is_read_back_and_counted(clerk: Browser) -> None:
    page = await clerk.get(f"/segments?audience={quote('在外地')}")
    assert "听成：" in page.words
    assert "合条件 12 人 现在能发 12 人" in page.words


async def test_what_cannot_be_read_is_told_with_its_place(clerk: Browser) -> None:
    page = await clerk.get(f"/segments?audience={quote('属龙的人')}")
    assert (page.status, "第1个字" in page.words, "属龙的人" in page.text) == (422, True, True)


async def test_a_few_are_shown_masked_and_noted(stage: Stage, clerk: Browser) -> None:
    page = await clerk.get(f"/segments/some?audience={quote('在外地')}")
    assert "老**" in page.words
    assert "老乡1" not in page.words
    assert len(await stage.database.read(audit.with_acts, ["audience.sampled"])) == 10


async def test_nobody_of_another_office_is_counted_or_shown(stage: Stage, clerk: Browser) -> None:
    other = await stage.staff("外县小赵", area="420506")
    page = await other.get(f"/segments?audience={quote('在外地')}")
    assert "合条件 0 人" in page.words
    assert "一个人也没有" in (await other.get(f"/segments/some?audience={quote('所有人')}")).words


async def test_it_is_kept_under_a_name_and_dropped(stage: Stage, clerk: Browser) -> None:
    await clerk.post("/segments/save", name="春节名单", audience="在外地")
    assert "合条件 12 人" in (await clerk.get(f"/segments?audience={quote('春节名单')}")).words
    await clerk.post("/segments/drop", name="春节名单")
    assert not await stage.database.read(kept.listed, DINGTAO)


@pytest.mark.parametrize(
    ("name", "fault"), [("", "请填写这一项"), ("在外地", "换个名称"), ("长" * 41, "最多 40 个字")]
)
async def test_a_name_that_cannot_be_is_said_at_its_field(
    clerk: Browser, name: str, fault: str
) -> None:
    answer = await clerk.post("/segments/save", name=name, audience="在外地")
    assert (answer.status, fault in answer.words) == (422, True)


async def test_what_another_office_kept_is_not_dropped(stage: Stage, clerk: Browser) -> None:
    await clerk.post("/segments/save", name="春节名单", audience="在外地")
    other = await stage.staff("外县小赵", area="420506")
    assert (await other.post("/segments/drop", name="春节名单")).status == 404
    assert await stage.database.read(kept.listed, DINGTAO)


async def test_hostile_words_stay_words(clerk: Browser) -> None:
    page = await clerk.get(f"/segments?audience={quote('<script>alert(1)</script>')}")
    assert "<script>alert" not in page.text


async def test_the_page_does_not_wait_for_the_count(database: Database, vault: Vault) -> None:
    async with served(database, vault, NOW, patience=0) as stage:
        clerk = await stage.staff("小周", area=DINGTAO)
        page = await clerk.get(f"/segments?audience={quote('在外地')}")
        assert "听成" in page.words
        assert "正在数人数" in page.words
        path = re.search(r'href="/console(/segments[^"]*count=now)"', page.text)
        assert path is not None
        assert "合条件 0 人" in (await clerk.get(unescape(path[1]))).words
