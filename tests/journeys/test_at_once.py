"""Messages that come together, of which one rests on what another does."""

from __future__ import annotations

import asyncio
from pathlib import Path

from records import tickets
from records.messages import Inbound, InboundKind
from records.tickets import TicketState
from tests.support.journey import Journey

ASKED = "@ 老丁\n> 转人工\n@ 小刘\n& commissioner 小刘 371703\n> 待办\n< 老丁"


def _of_staff(journey: Journey, number: int, text: str) -> Inbound:
    kind, at = InboundKind.TEXT, journey.now
    return Inbound("fake", "小刘", f"burst-{number}", kind, text, at, sequence=1_000 + number)


async def test_a_second_word_that_rests_on_the_first_is_carried_out(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await journey.play(ASKED)
        [ticket] = await journey.app.database.read(tickets.list_open)
        said = [f"接 {ticket.number}", f"完 {ticket.number}", "待办"]
        await journey.app.door.receive([_of_staff(journey, *one) for one in enumerate(said)])
        async with asyncio.timeout(20):
            await journey.quiet()
        found = await journey.app.database.read(tickets.find, ticket.number)
        assert found is not None
        assert found.state == TicketState.CLOSED
        assert any("没有人在等" in one.text for one in journey.channel.sent)
