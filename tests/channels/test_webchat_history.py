"""GET /chat/api/history: both sides of the conversation, in order."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from records.database import Database
from records.messages import Option
from records.vault import Vault
from tests.support.web_chat import Answer, Visit, visiting

CHOICE = (Option("要，帮我登记", "register"), Option("先不用", "no"))
SCRIPT = {
    "贷款": [Answer("最高10万元", kind="answer"), Answer("要登记吗？", CHOICE)],
    "register": [Answer("您家在哪里？")],
}


@pytest.fixture
async def visit(database: Database, vault: Vault) -> AsyncIterator[Visit]:
    """Somebody who has opened the page."""
    async with visiting(database, vault, SCRIPT) as visit:
        yield visit


async def say(visit: Visit, **content: str) -> None:
    """Write something and wait for the answer."""
    await visit.post(content)
    await visit.door.finish()


async def test_who_never_spoke_has_none(visit: Visit) -> None:
    assert await visit.get("/chat/api/history") == (200, {"messages": []})


async def test_both_sides_stand_in_order(visit: Visit) -> None:
    await say(visit, text="贷款")
    await say(visit, text="谢谢")
    told = [(m["from"], m["text"], m["kind"]) for m in await visit.history()]
    assert told == [
        ("me", "贷款", "text"),
        ("bot", "最高10万元", "answer"),
        ("bot", "要登记吗？", "reply"),
        ("me", "谢谢", "text"),
        ("bot", "您说的是“谢谢”。", "reply"),
    ]


async def test_a_message_has_the_id_that_the_page_gave_it(visit: Visit) -> None:
    name = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
    await visit.post({"text": "好", "client_id": name})
    assert (await visit.history())[0]["id"] == name


async def test_the_last_options_can_be_tapped(visit: Visit) -> None:
    await say(visit, text="贷款")
    options = [m["options"] for m in await visit.history()]
    assert options == [[], [], [{"label": o.label, "value": o.value} for o in CHOICE]]


async def test_a_tapped_option_reads_as_its_label_and_is_used_up(visit: Visit) -> None:
    visit.door.delay = 0.05
    await say(visit, text="贷款")
    await visit.post({"option": "register"})
    told = await visit.history()
    assert (told[-1]["text"], told[-1]["kind"]) == ("要，帮我登记", "option")
    assert [m["options"] for m in told] == [[]] * 4


async def test_a_first_look_is_nothing_said(visit: Visit) -> None:
    async with visit.listening() as events:
        await events.messages(1)
    await visit.door.finish()
    assert [m["from"] for m in await visit.history()] == ["bot"]


@pytest.mark.parametrize(("limit", "count"), [("0", 1), ("2", 2), ("5", 5), ("9" * 20, 6)])
async def test_only_the_last_ones_on_request(visit: Visit, limit: str, count: int) -> None:
    for word in ("一", "二", "三"):
        await say(visit, text=word)
    _, answer = await visit.get(f"/chat/api/history?limit={limit}")
    assert [m["text"] for m in answer["messages"]][-1] == "您说的是“三”。"
    assert len(answer["messages"]) == count


@pytest.mark.parametrize("limit", ["", "-1", "many", "1.5"])
async def test_a_limit_is_a_number(visit: Visit, limit: str) -> None:
    status, answer = await visit.get(f"/chat/api/history?limit={limit}")
    assert (status, answer["error"][-1]) == (400, "。")


async def test_a_stranger_has_no_history(visit: Visit) -> None:
    visit.session.cookie_jar.clear()
    status, answer = await visit.get("/chat/api/history")
    assert (status, answer["error"][-1]) == (401, "。")


async def test_times_are_told_with_their_zone(visit: Visit) -> None:
    await say(visit, text="好")
    assert {m["at"][-6:] for m in await visit.history()} == {"+00:00"}
