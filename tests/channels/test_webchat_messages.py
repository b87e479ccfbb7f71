"""POST /chat/api/messages: what is taken, what is refused, and in which words."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from channels.webchat.visitors import COOKIE
from records import inbound
from records.database import Database, StoreUnavailable
from records.vault import Vault
from tests.support.web_chat import Visit, visiting

EXAMPLES = Path(__file__).parent / "examples" / "webchat"
PATH = "/chat/api/messages"


def examples(name: str) -> list[Any]:
    """The rows of an example file, each known by its case."""
    rows = json.loads((EXAMPLES / name).read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["case"]) for row in rows]


def is_sentence(answer: dict[str, Any]) -> bool:
    """Whether the answer is one plain Chinese sentence."""
    words = str(answer["error"])
    return list(answer) == ["error"] and words.endswith("。") and "一" <= words[0] <= "鿿"


@pytest.fixture
async def visit(database: Database, vault: Vault) -> AsyncIterator[Visit]:
    """Somebody who has opened the page."""
    async with visiting(database, vault) as visit:
        yield visit


@pytest.fixture
def kind() -> str:
    """What does not touch the store need not run on both."""
    return "sqlite"


@pytest.mark.parametrize("row", examples("good.json"))
async def test_takes_and_stores(
    row: dict[str, Any], visit: Visit, database: Database, vault: Vault
) -> None:
    status, answer = await visit.post(row["body"])
    assert status == 202
    stored = await database.read(inbound.history, f"webchat:{visit.visitor}", 10)
    assert [vault.open(r.payload)["text"] for r in stored] == [row["text"]]
    assert vault.open(stored[0].payload)["kind"] == row["kind"]
    assert stored[0].outer_id == f"{visit.visitor}:{answer['id']}"


@pytest.mark.parametrize("row", examples("bad.json"))
async def test_refuses_with_a_sentence(row: dict[str, Any], visit: Visit) -> None:
    status, answer = await visit.post(row["raw"].encode())
    assert (status, is_sentence(answer)) == (row["status"], True)
    assert visit.door.heard == []


async def test_a_retry_is_recognised(visit: Visit) -> None:
    message = {"text": "登记", "client_id": str(uuid.uuid4())}
    answers = [await visit.post(message) for _ in range(3)]
    assert answers == [(202, {"id": message["client_id"]})] * 3
    assert visit.door.heard == ["登记"]


async def test_the_same_id_from_two_visitors_is_two_messages(visit: Visit) -> None:
    message = {"text": "登记", "client_id": str(uuid.uuid4())}
    await visit.post(message)
    visit.session.cookie_jar.clear()
    await visit.session.get("/chat")
    await visit.post(message)
    assert visit.door.heard == ["登记", "登记"]


async def test_the_longest_text_is_taken(visit: Visit) -> None:
    assert (await visit.post({"text": "贷" * 8000}))[0] == 202


@pytest.mark.parametrize("length", [8001, 60_000, 70_000])
async def test_a_longer_text_is_refused(visit: Visit, length: int) -> None:
    status, answer = await visit.post({"text": "a" * length})
    assert (status, is_sentence(answer)) == (413, True)


@pytest.mark.parametrize("is_chunked", [False, True])
async def test_ten_megabytes_are_refused(visit: Visit, is_chunked: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield b"a" * 65536

    body = chunks() if is_chunked else io.BytesIO(b"a" * 10_485_760)
    async with visit.session.post(PATH, data=body) as answer:
        assert (answer.status, is_sentence(await answer.json())) == (413, True)


@pytest.mark.parametrize("cookie", ["", "x", "." * 40, "a" * 32 + "." + "b" * 64, "雁.雁"])
async def test_a_visitor_must_be_known(visit: Visit, cookie: str) -> None:
    visit.session.cookie_jar.clear()
    status, answer = await visit.post({"text": "好"}, Cookie=f"{COOKIE}={cookie}")
    assert (status, is_sentence(answer)) == (401, True)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1"])
async def test_another_sites_page_is_refused(visit: Visit, origin: str) -> None:
    status, answer = await visit.post({"text": "好"}, Origin=origin)
    assert (status, is_sentence(answer), visit.door.heard) == (403, True, [])


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://guiyan.example", "Host": "guiyan.example"},
        {"Origin": "https://guiyan.example", "X-Forwarded-Host": "guiyan.example"},
        {"Origin": "https://guiyan.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_our_own_page_may_write(visit: Visit, headers: dict[str, str]) -> None:
    cookies = {cookie.key: cookie.value for cookie in visit.session.cookie_jar}
    headers = headers | {"Cookie": f"{COOKIE}={cookies[COOKIE]}"}
    assert (await visit.post({"text": "好"}, **headers))[0] == 202


async def test_who_writes_too_fast_is_told_to_wait(visit: Visit) -> None:
    answers = [await visit.session.post(PATH, json={"text": "好"}) for _ in range(40)]
    refused = [answer for answer in answers if answer.status == 429]
    assert 0 < len(refused) <= 20
    assert is_sentence(await refused[0].json())
    assert refused[0].headers["Retry-After"] == "1"


async def test_a_store_that_is_away_is_not_acknowledged(visit: Visit) -> None:
    visit.door.fault = StoreUnavailable("the database is locked")
    async with visit.session.post(PATH, json={"text": "好"}) as answer:
        assert (answer.status, is_sentence(await answer.json())) == (503, True)
        assert answer.headers["Retry-After"] == "5"


async def test_nothing_is_taken_while_we_stop(visit: Visit) -> None:
    await visit.chat.stop()
    status, answer = await visit.post({"text": "好"})
    assert (status, is_sentence(answer), visit.door.heard) == (503, True, [])


async def test_answers_are_kept_nowhere(visit: Visit) -> None:
    async with visit.session.post(PATH, json={"text": "好"}) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
