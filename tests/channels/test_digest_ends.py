"""What went inside another message ends as that one does, and is free where that did not leave."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from channels.base import FailureKind, SendFailure
from channels.sender import Sender
from outreach.calendars import CHINA
from outreach.digests import Gathering
from outreach.pushes import a_push
from records import outbox, unasked, wishes
from records.caps import as_they_are
from records.database import Database, Session
from records.outbox import OutboxRow, OutboxState
from records.vault import Vault
from records.wishes import Topic, Wanted, topic_name
from tests.support.fake_channel import FakeChannel

MORNING = datetime(2026, 11, 24, 8, 30, tzinfo=CHINA)
ACCOUNT = "fake:42"


class Post:
    """A sender of digests, and a clock that the test turns."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault, self.time = database, vault, MORNING
        self.channel = FakeChannel()

    async def queues(self, *keys: str) -> None:
        for key in keys:
            new = a_push(
                self.vault, ACCOUNT, f"{key}有信", key=key, now=MORNING - timedelta(hours=9)
            )
            await self.database.run(outbox.enqueue, [new])

    async def sends(self, **later: float) -> list[str]:
        """What is sent after so long, one line each, of a digest its lines."""
        self.time += timedelta(**later)
        self.channel.sent.clear()
        await self.sender().settled()
        return [
            " ".join(option.label for option in one.options) or one.text
            for one in self.channel.sent
        ]

    def sender(self) -> Sender:
        gather = Gathering(self.vault, as_they_are).gathered
        channels = {"fake": self.channel}
        return Sender(
            self.database, self.vault, channels, owner="a", now=lambda: self.time, gather=gather
        )

    async def fails(self, *kinds: FailureKind) -> None:
        """The next message to leave does not: so many times, for these reasons."""
        self.channel.failures = [SendFailure(kind, "as told") for kind in kinds]
        await self.sends()

    async def states(self) -> dict[str, int]:
        return await self.database.read(outbox.counts)


@pytest.fixture
async def post(database: Database, vault: Vault) -> Post:
    post = Post(database, vault)
    await post.queues("gap/1", "of:2:rating", "fix/3")
    return post


@pytest.mark.parametrize("kind", [FailureKind.THROTTLED, FailureKind.MISCONFIGURED])
async def test_what_did_not_leave_is_no_longer_inside(post: Post, kind: FailureKind) -> None:
    await post.fails(kind)
    assert await post.states() == {"queued": 3}


async def test_what_had_to_wait_is_gathered_anew(post: Post) -> None:
    await post.fails(FailureKind.THROTTLED)
    assert await post.sends(minutes=1) == ["1 gap/1有信 2 of:2:rating有信 3 fix/3有信"]
    assert await post.states() == {"sent": 1, "merged": 2}


async def test_a_topic_refused_meanwhile_is_not_in_the_next_try(post: Post) -> None:
    await post.fails(FailureKind.THROTTLED)
    refused = Wanted(topic_name(Topic.SURVEYS))
    await post.database.run(wishes.say, ACCOUNT, (refused,), (), MORNING)
    assert await post.sends(minutes=1) == ["1 gap/1有信 2 fix/3有信"]


async def test_after_a_refusal_the_others_leave_on_another_day(post: Post) -> None:
    await post.fails(FailureKind.REJECTED)
    assert await post.states() == {"failed": 1, "queued": 2}
    assert await post.sends(hours=1) == []
    assert await post.sends(days=1) == ["1 of:2:rating有信 2 fix/3有信"]


async def test_what_goes_by_itself_again_says_what_it_said(post: Post) -> None:
    await post.fails(FailureKind.THROTTLED)
    for key in ("of:2:rating", "fix/3"):
        await post.database.run(_stop, key)
    assert await post.sends(minutes=1) == ["gap/1有信"]


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        (FailureKind.UNCERTAIN, {"uncertain": 1, "merged": 2}),
        (FailureKind.BLOCKED_BY_PERSON, {"failed": 1, "merged": 2}),
    ],
)
async def test_what_may_have_arrived_or_never_can_is_not_free(
    post: Post, kind: FailureKind, states: dict[str, int]
) -> None:
    await post.fails(kind)
    assert await post.states() == states
    assert await post.sends(days=2) == []


async def test_who_says_stop_between_two_tries_gets_none_of_them(post: Post) -> None:
    await post.fails(FailureKind.THROTTLED)
    await post.database.run(unasked.withdraw, post.vault, ACCOUNT, MORNING)
    assert await post.sends(days=1) == []
    assert await post.states() == {"stopped": 3}


async def test_a_process_killed_with_it_on_the_wire_leaves_it_in_doubt(post: Post) -> None:
    gone = post.sender()
    post.channel.pause = 60
    await gone._claim_and_send()
    await gone.drain(0.05)
    for task in gone._tasks:
        task.cancel()
    post.channel.pause = 0
    post.time += timedelta(minutes=1)
    await post.sender().free_stale()
    assert await post.states() == {"uncertain": 1, "merged": 2}
    assert await post.sends(days=1) == []


def _stop(session: Session, key: str) -> None:
    table = OutboxRow.__table__  # type: ignore[attr-defined]
    values = {"state": OutboxState.STOPPED.value}
    session.execute(update(table).where(table.c.dedupe_key == key).values(**values))
