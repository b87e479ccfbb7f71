"""One customer's talk with one account: its state, its budget, and the codes it gives out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from tests.support.wecom.clock import HOUR
from tests.support.wecom.wire import Refused

BUDGET = 5
OPEN = 48 * HOUR


class State(IntEnum):
    """The platform's numbers for who has the talk."""

    NEW = 0
    ASSISTANT = 1
    QUEUED = 2
    SERVICER = 3
    OVER = 4


MOVES = {
    State.NEW: {State.ASSISTANT, State.QUEUED, State.SERVICER, State.OVER},
    State.ASSISTANT: {State.QUEUED, State.SERVICER, State.OVER},
    State.QUEUED: {State.SERVICER},
    State.SERVICER: {State.SERVICER, State.OVER},
    State.OVER: set(),
}


class Occasion(Enum):
    """What a one-shot code was given for: seconds it lives, types it may send, its state."""

    WELCOME = (20, {"text", "msgmenu"}, None)
    QUEUED = (48 * HOUR, {"text"}, State.QUEUED)
    TAKEN = (48 * HOUR, {"text"}, State.SERVICER)
    ENDED = (20, {"text", "msgmenu"}, State.OVER)

    def __init__(self, seconds: int, types: set[str], state: State | None) -> None:
        self.seconds = seconds
        self.types = types
        self.state = state


BY_STATE = {
    State.QUEUED: Occasion.QUEUED,
    State.SERVICER: Occasion.TAKEN,
    State.OVER: Occasion.ENDED,
}


@dataclass(slots=True)
class Session:
    """A customer at an account. `left` is what may still be sent since they last wrote."""

    customer: str
    account: str
    state: State = State.OVER
    servicer: str = ""
    said_at: float | None = None
    greeted_at: float | None = None
    left: int = 0

    def said(self, now: float) -> None:
        """The customer wrote: the budget is whole again."""
        self.lapse(now)
        if self.state is State.OVER:
            self.state = State.NEW
        self.said_at = now
        self.left = BUDGET

    def lapse(self, now: float) -> None:
        """A talk is over 48 h after the customer's last message."""
        if self.said_at is not None and now >= self.said_at + OPEN:
            self.state, self.servicer = State.OVER, ""

    def move(self, to: State, servicer: str = "", *, queue_may_end: bool = False) -> None:
        """Change the state by API; 95016 where there is no such way."""
        leaves_queue = queue_may_end and (self.state, to) == (State.QUEUED, State.OVER)
        if to not in MOVES[self.state] and not leaves_queue:
            raise Refused(95016, "invalid service state change")
        self.state, self.servicer = to, servicer

    def check_sending(self, now: float) -> None:
        """Refuse what the budget does not allow."""
        if self.said_at is None:
            raise Refused(95031, "customer has no action in 48 hours")
        if now >= self.said_at + OPEN:
            raise Refused(95002, "send msg time limit")
        self.lapse(now)
        if self.state not in {State.NEW, State.ASSISTANT}:
            raise Refused(95018, "send msg session status invalid")
        if self.left <= 0:
            raise Refused(95001, "send msg count limit")

    def may_be_welcomed(self, now: float) -> bool:
        """Never wrote, and had no welcome in the last 48 h."""
        greeted = self.greeted_at is not None and now < self.greeted_at + OPEN
        return self.said_at is None and not greeted


@dataclass(slots=True)
class Code:
    """A one-shot code for `send_msg_on_event`."""

    occasion: Occasion
    session: Session
    expires_at: float
    is_used: bool = False

    def use(self, msgtype: str, now: float) -> None:
        """Spend it, or refuse."""
        if self.is_used or now >= self.expires_at:
            raise Refused(41050, "invalid code: used or expired")
        if self.occasion.state not in {None, self.session.state}:
            raise Refused(95018, "send msg session status invalid")
        if msgtype not in self.occasion.types:
            raise Refused(40008, "invalid msgtype for this event")
        self.is_used = True
        if self.occasion is Occasion.WELCOME:
            self.session.greeted_at = now
