"""What a channel is, and the closed list of ways in which a send can fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Protocol, runtime_checkable

from aiohttp import web

from records.messages import Inbound, Outgoing, Receipt
from records.send_budgets import Allowance

# The door: stores the messages durably and returns when they are committed. For each, True if it
# is new and False if it was known already. A channel acknowledges only after that.
Receive = Callable[[Iterable[Inbound]], Awaitable[list[bool]]]


class FailureKind(Enum):
    """Why a send failed: word, may be tried again, ends deliveries there, is our own fault."""

    THROTTLED = ("throttled", True, False, False)  # the provider asks us to slow down
    UNREACHABLE = (
        "unreachable",
        True,
        False,
        False,
    )  # certainly not sent: refused, no route, pool full
    UNCERTAIN = ("uncertain", True, False, False)  # no answer: may have been sent
    BLOCKED_BY_PERSON = ("blocked_by_person", False, True, False)
    BAD_ADDRESS = ("bad_address", False, True, False)  # no such chat
    MOVED = ("moved", True, False, False)  # the chat has a new address, in `moved_to`
    REJECTED = ("rejected", False, False, True)  # the provider refuses this content
    TOO_LONG = ("too_long", False, False, True)
    MISCONFIGURED = (
        "misconfigured",
        True,
        False,
        True,
    )  # token or rights are wrong: mend and it goes on
    UNREADABLE_ANSWER = ("unreadable_answer", True, False, False)  # as UNCERTAIN
    REPEATABLE = ("repeatable", True, False, False)  # uncertain, but a repetition is recognised
    NOT_NOW = ("not_now", False, False, False)  # held until the person writes

    def __init__(self, word: str, may_retry: bool, ends_address: bool, is_our_fault: bool) -> None:
        self.word = word
        self.may_retry = may_retry
        self.ends_address = ends_address
        self.is_our_fault = is_our_fault


class SendFailure(Exception):
    """A send that did not succeed; `detail` is for operators, without message text or secrets."""

    def __init__(
        self,
        kind: FailureKind,
        detail: str,
        *,
        retry_after: timedelta | None = None,
        moved_to: str = "",
    ) -> None:
        super().__init__(f"{kind.word}: {detail}")
        self.kind = kind
        self.detail = detail
        self.retry_after = retry_after
        self.moved_to = moved_to


# How many of the provider's messages a text with these options takes.
Cost = Callable[[str, Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can carry: characters in one message, and rates in messages a second."""

    text_length: int
    per_chat: float
    per_group: float
    bulk: float
    burst: int = 3  # messages to one chat at once before the pace sets in
    parallel: int = 64  # sends in flight at once
    a_second: int = 0  # messages of any kind in any second, where the provider counts them
    first: int = 8  # the same after a rest: what a dying process leaves in doubt
    repeats_safely: bool = False  # whether the provider recognises a repeated message
    is_shared: bool = True  # what all processes send counts together
    allowance: Allowance | None = None  # where each message of the person pays for a few of ours
    cost: Cost = lambda text, options: 1  # in messages of that allowance


@runtime_checkable
class FileSource(Protocol):
    """A channel from which what people spoke can be had."""

    async def fetch(self, message: Inbound) -> bytes | None:
        """The file of a message; None where it cannot be had, which is logged. Never raises."""
        ...


@runtime_checkable
class Streaming(Protocol):
    """A channel whose people read along: what was sent lies in the outbox for them."""

    def look(self, chat: str) -> None:
        """Something was sent there, by another process."""
        ...


class Channel(Protocol):
    """One way to reach people. `kind` is its name in the registry and in every address."""

    kind: str
    limits: Limits

    def routes(self, receive: Receive) -> Iterable[web.RouteDef]:
        """HTTP routes that this channel needs, mounted by the server at start."""
        ...

    async def start(self, receive: Receive) -> None:
        """Open connections, register webhooks, begin to poll."""
        ...

    async def stop(self) -> None:
        """Stop taking messages in, then release connections; called before the sender stops."""
        ...

    async def close(self) -> None:
        """Release what sending needs; called after the sender has stopped."""
        ...

    def fault(self) -> str:
        """What keeps this channel from working now, in a sentence for operators; "" if nothing."""
        ...

    async def check(self) -> str:
        """Try the connection (for `doctor`): what is wrong and how to mend it; "" if nothing."""
        ...

    async def send(self, message: Outgoing) -> Receipt:
        """Deliver one message within `limits`; raises SendFailure."""
        ...
