"""Pictures of group posts on pages: handed in, checked, shown to who may see them, sent."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from aiohttp import FormData

from outreach.groups import placing
from outreach.groups.placing import By, Said
from records import group_posts, pictures
from records.database import Session
from records.groups import GroupKind
from records.staff_accounts import StaffRole
from tests.support.console import Answer, Browser, Stage
from tests.support.pictures import GIF, HUGE, HUGE_JPEG, JPEG, LARGE

COUNTY, WRITER = "371703", "群管小郑"
TEXT = "下周二镇上有招工会，想去的给服务号发消息。"


@pytest.fixture
async def steward(stage: Stage) -> Browser:
    """Who keeps one group."""
    browser = await stage.staff(WRITER, StaffRole.STEWARD, COUNTY)
    await stage.database.run(_group, stage)
    return browser


def _group(session: Session, stage: Stage) -> None:
    said = Said(COUNTY, GroupKind.RETURNEES, "广州", WRITER, 40)
    placing.add(session, stage.vault, "在广州的老乡", said, By("小周", COUNTY), stage.now)


async def _written(browser: Browser, content: bytes, text: str = TEXT, **more: str) -> Answer:
    """The form of a post as a browser sends it."""
    form = FormData(quote_fields=False)
    typed = {"csrf": browser.csrf, "group": "1", "text": text, **more}
    for name, value in typed.items():
        form.add_field(name, value)
    form.add_field("image", io.BytesIO(content), filename="图.jpg", content_type="image/jpeg")
    cookies = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
    path = "/console/group-posts/new"
    async with browser.client.post(path, data=form, headers={"Cookie": cookies}) as response:
        body = await response.read()
        return Answer(response.status, body.decode(), "", dict(response.headers), body)


def _picture_of(answer: Answer) -> str:
    found = re.search(r'name="picture" value="(\w+)"', answer.text)
    assert found
    return found[1]


async def _posted(browser: Browser) -> str:
    picture = _picture_of(await _written(browser, JPEG))
    fields = {"group": "1", "text": TEXT, "picture": picture}
    return (await browser.post("/group-posts/send", **fields)).path


async def test_the_empty_form_asks_for_a_picture(steward: Browser) -> None:
    assert "带一张图" in (await steward.get("/group-posts/new")).words


async def test_a_picture_is_seen_before_it_goes(stage: Stage, steward: Browser) -> None:
    answer = await _written(steward, JPEG)
    shown = await steward.get(f"/group-posts/pictures/{_picture_of(answer)}")
    assert (shown.status, shown.body) == (200, JPEG)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert "图里的字要人看一眼" in answer.words
    assert not await stage.database.read(group_posts.held, stage.vault)


async def test_a_post_goes_with_its_picture(stage: Stage, steward: Browser) -> None:
    path = await _posted(steward)
    post = await stage.database.read(group_posts.find, stage.vault, 1)
    assert post is not None
    assert await stage.database.read(pictures.find, stage.vault, post.picture) == JPEG
    assert (await steward.get(f"{path}/picture")).body == JPEG


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (GIF, "只收 JPG、PNG"),
        (b"<svg onload=alert(1)>", "只收 JPG、PNG"),
        (LARGE, "图超过 2 MB"),
        (HUGE, "宽高太大"),
        (HUGE_JPEG, "宽高太大"),
    ],
    ids=["gif", "svg", "large", "png of 400 megapixels", "jpeg of 3600"],
)
async def test_what_is_no_picture_is_refused_and_the_words_stay(
    steward: Browser, content: bytes, fault: str
) -> None:
    answer = await _written(steward, content)
    assert answer.status == 422
    assert fault in answer.words
    assert TEXT in answer.text


async def test_a_picture_stays_where_the_words_are_refused(steward: Browser) -> None:
    answer = await _written(steward, JPEG, "想去的打13800000000")
    assert answer.status == 422
    again = await _written(steward, b"", picture=_picture_of(answer))
    assert _picture_of(again) == _picture_of(answer)


async def test_a_picture_kept_no_more_is_asked_for_again(stage: Stage, steward: Browser) -> None:
    number = _picture_of(await _written(steward, JPEG))
    later = stage.now + pictures.LIFE + timedelta(days=1)
    await stage.database.run(pictures.prune, set(), later)
    fields = {"group": "1", "text": TEXT, "picture": number}
    for answer in (
        await steward.post("/group-posts/send", **fields),
        await _written(steward, b"", picture=number),
    ):
        assert (answer.status, "请再选一次图" in answer.words) == (422, True)
        assert TEXT in answer.text
        assert number not in answer.text


async def test_a_picture_is_dropped_by_a_tick(steward: Browser) -> None:
    number = _picture_of(await _written(steward, JPEG))
    answer = await _written(steward, b"", picture=number, without="yes")
    assert 'name="picture" value=""' in answer.text


async def test_nobody_takes_or_sees_anothers_picture(stage: Stage, steward: Browser) -> None:
    path = await _posted(steward)
    number = _picture_of(await _written(steward, JPEG))
    other = await stage.staff("群管小吴", StaffRole.STEWARD, "420506")
    assert (await other.get(f"/group-posts/pictures/{number}")).status == 404
    assert (await other.get(f"{path}/picture")).status == 404
    fields = {"group": "1", "text": TEXT, "picture": number}
    assert (await other.post("/group-posts/send", **fields)).status == 404


async def test_a_form_without_its_mark_is_refused(steward: Browser) -> None:
    answer = await _written(steward, JPEG, csrf="别的")
    assert answer.status == 409
    assert "提交一次" in answer.words
