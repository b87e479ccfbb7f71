"""Groups and posts on pages: placed by who may, posts checked and read by a second person."""

from __future__ import annotations

import pytest

from outreach.groups import placing
from outreach.groups.placing import By, Said
from records import group_posts, group_register
from records.database import Session
from records.group_posts import PostState, TargetState
from records.group_register import GroupState
from records.groups import GroupKind
from records.staff_accounts import StaffRole
from tests.support.console import Browser, Stage

COUNTY = "371703"
TEXT = "下周二镇上有招工会，想去的给服务号发消息。"
WRITER = "群管小郑"


@pytest.fixture
async def clerk(stage: Stage) -> Browser:
    """Somebody of the county, which has one WeChat group that a steward keeps."""
    browser = await stage.staff("小周", area=COUNTY)
    await stage.staff(WRITER, StaffRole.STEWARD, COUNTY)
    await stage.database.run(_group, stage, "在广州的老乡")
    return browser


@pytest.fixture
async def steward(stage: Stage, clerk: Browser) -> Browser:
    return await stage.staff(WRITER, StaffRole.STEWARD, COUNTY)


def _group(session: Session, stage: Stage, name: str) -> None:
    said = Said(COUNTY, GroupKind.RETURNEES, "广州", WRITER, 40)
    placing.add(session, stage.vault, name, said, By("小周", COUNTY), stage.now)


async def posted(stage: Stage, steward: Browser, text: str = TEXT) -> int:
    """The number of a post that was confirmed."""
    answer = await steward.post("/group-posts/send", group="1", text=text)
    return int(answer.path.rpartition("/")[2])


async def state(stage: Stage, number: int) -> PostState:
    found = await stage.database.read(group_posts.find, stage.vault, number)
    assert found is not None
    return found.state


async def test_the_county_sees_its_groups_and_others_do_not(stage: Stage, clerk: Browser) -> None:
    other = await stage.staff("外县小赵", area="420506")
    assert "在广州的老乡" in (await clerk.get("/groups")).words
    assert "在广州的老乡" not in (await other.get("/groups?of=all")).words
    assert (await other.get("/groups/1")).status == 404


@pytest.mark.parametrize("path", ["", "/rename", "/drop", "/back"])
async def test_nobody_changes_anothers_group(stage: Stage, clerk: Browser, path: str) -> None:
    other = await stage.staff("外县小赵", area="420506")
    assert (await other.post(f"/groups/1{path}", name="别的")).status == 404


async def test_a_group_is_added_placed_and_named(stage: Stage, clerk: Browser) -> None:
    answer = await clerk.post("/groups/new", name="新群")
    assert "还没说" in (await clerk.get(answer.path)).words
    await clerk.post(answer.path, kind="returnees", area="定陶区", steward=WRITER, size="12")
    await clerk.post(f"{answer.path}/rename", name="新群二")
    kept = await stage.database.read(group_register.numbered, stage.vault, 2)
    assert kept is not None
    assert (kept.name, kept.size, kept.state) == ("新群二", 12, GroupState.LIVE)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": ""}, "请填写这一项"),
        ({"name": "打13800000000"}, "里面不能有号码"),
        ({"name": "新群", "area": "火星县"}, "没有这个地方"),
        ({"name": "新群", "size": "很多"}, "请填一个整数"),
        ({"name": "在广州的老乡"}, "就是这个群"),
    ],
)
async def test_what_cannot_be_said_of_a_group_stands_at_its_field(
    clerk: Browser, fields: dict[str, str], fault: str
) -> None:
    answer = await clerk.post("/groups/new", **{"area": "定陶区", **fields})
    assert (answer.status, fault in answer.words) == (422, True)
    assert "guiyan" not in answer.words


async def test_a_group_is_dropped_and_taken_back(stage: Stage, clerk: Browser) -> None:
    await clerk.post("/groups/1/drop")
    assert "说过不用了" in (await clerk.get("/groups/1")).words
    await clerk.post("/groups/1/back")
    assert "能用" in (await clerk.get("/groups/1")).words


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"text": TEXT}, "请至少选一个群"),
        ({"group": "1", "text": ""}, "还没写要发的话"),
        ({"group": "1", "text": "想去的打13800000000"}, "电话或号码"),
        ({"group": "77", "text": TEXT}, "请至少选一个群"),
    ],
)
async def test_what_may_not_be_posted_is_refused_and_kept_in_the_form(
    steward: Browser, fields: dict[str, str], fault: str
) -> None:
    answer = await steward.post("/group-posts/send", **fields)
    assert answer.status == 422
    assert fault in answer.words
    assert fields.get("text", "") in answer.text


async def test_the_first_post_of_somebody_is_read_by_another(
    stage: Stage, clerk: Browser, steward: Browser
) -> None:
    number = await posted(stage, steward)
    assert await state(stage, number) is PostState.HELD
    assert "群消息等您看" in (await clerk.get("/")).words
    await clerk.post(f"/group-posts/{number}/pass")
    assert await state(stage, number) is PostState.PASSED


async def test_a_post_goes_back_with_a_reason_only(
    stage: Stage, clerk: Browser, steward: Browser
) -> None:
    number = await posted(stage, steward)
    assert (await clerk.post(f"/group-posts/{number}/return")).status == 409
    await clerk.post(f"/group-posts/{number}/return", why="时间写清楚")
    assert "时间写清楚" in (await steward.get(f"/group-posts/{number}")).words


async def test_who_wrote_it_does_not_let_it_pass(stage: Stage, clerk: Browser) -> None:
    await stage.database.run(_group_of, stage, "县里的群", "小周")
    answer = await clerk.post("/group-posts/send", group="2", text=TEXT)
    assert (await clerk.post(f"{answer.path}/pass")).status == 404


def _group_of(session: Session, stage: Stage, name: str, steward: str) -> None:
    said = Said(COUNTY, GroupKind.RETURNEES, "广州", steward, 40)
    placing.add(session, stage.vault, name, said, By("小周", COUNTY), stage.now)


async def test_the_steward_marks_what_they_pasted(
    stage: Stage, clerk: Browser, steward: Browser
) -> None:
    number = await posted(stage, steward)
    await clerk.post(f"/group-posts/{number}/pass")
    assert (await clerk.post(f"/group-posts/{number}/posted", group="1")).status == 404
    assert "群消息等您贴到群里" in (await steward.get("/")).words
    assert "群消息等您贴到群里" not in (await clerk.get("/")).words
    await steward.post(f"/group-posts/{number}/posted", group="1")
    found = await stage.database.read(group_posts.find, stage.vault, number)
    assert found is not None
    assert [one.state for one in found.targets] == [TargetState.POSTED]
    assert "40 人" in (await steward.get(f"/group-posts/{number}")).words
    assert "群消息等您贴到群里" not in (await steward.get("/")).words


async def test_a_post_is_taken_back_once(stage: Stage, steward: Browser) -> None:
    number = await posted(stage, steward)
    first = await steward.post(f"/group-posts/{number}/withdraw")
    again = await steward.post(f"/group-posts/{number}/withdraw")
    assert (first.status, again.status) == (303, 409)
    assert await state(stage, number) is PostState.WITHDRAWN


@pytest.mark.parametrize("path", ["pass", "return", "posted", "withdraw"])
async def test_anothers_post_is_not_there(stage: Stage, steward: Browser, path: str) -> None:
    number = await posted(stage, steward)
    other = await stage.staff("外县小赵", area="420506")
    assert (await other.get(f"/group-posts/{number}")).status == 404
    assert (await other.post(f"/group-posts/{number}/{path}", group="1", why="不")).status == 404
